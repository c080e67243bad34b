// Check runs as GitHub's API and its webhooks write them.

import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { CheckRun, Repository } from "../state.ts";
import { pullsOf } from "../look-up.ts";
import { actionsAppJson, appJson } from "./account.ts";
import { addressesOf, repositoryJson } from "./repository.ts";

export function checkRunJson(core: GitHubCore, repository: Repository, check: CheckRun) {
  const { api, html } = addressesOf(core, repository);
  const { id, name, headSha, externalId, status, conclusion } = check;
  const self = `${api}/check-runs/${id}`;
  return {
    id,
    name,
    node_id: nodeId("CheckRun", id),
    head_sha: headSha,
    external_id: externalId,
    url: self,
    html_url: `${html}/runs/${id}`,
    details_url: check.detailsUrl ?? core.url,
    status,
    conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${self}/annotations`,
    },
    check_suite: { id: suiteOf(repository, headSha) },
    app: check.by === "ci" ? actionsAppJson(core) : appJson(core),
    pull_requests: pullsAt(core, repository, headSha),
  };
}

/** All runs of one commit are one suite, which has the id of the first. */
function suiteOf({ checkRuns }: Repository, sha: string): number {
  for (const { id, headSha } of checkRuns.values()) if (headSha === sha) return id;
  throw new Error(`No check run of ${sha} is known.`);
}

function pullsAt(core: GitHubCore, repository: Repository, sha: string) {
  const { api } = addressesOf(core, repository);
  const repo = { id: repository.id, url: api, name: repository.name };
  return pullsOf(repository)
    .filter(({ state, pull }) => state === "open" && pull.head.sha === sha)
    .map(({ number, pull }) => ({
      id: pull.id,
      number,
      url: `${api}/pulls/${number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    }));
}

/** With the whole suite, as webhooks carry it. */
export function checkRunEventJson(core: GitHubCore, repository: Repository, check: CheckRun) {
  const { api } = addressesOf(core, repository);
  const id = suiteOf(repository, check.headSha);
  const pulls = pullsAt(core, repository, check.headSha);
  return {
    ...checkRunJson(core, repository, check),
    check_suite: {
      id,
      node_id: nodeId("CheckSuite", id),
      head_branch: pulls[0]?.head.ref ?? null,
      head_sha: check.headSha,
      status: check.status,
      conclusion: check.conclusion,
      url: `${api}/check-suites/${id}`,
      before: null,
      after: check.headSha,
      pull_requests: pulls,
      app: appJson(core),
      repository: repositoryJson(core, repository),
      created_at: check.startedAt,
      updated_at: check.completedAt ?? check.startedAt,
    },
  };
}
