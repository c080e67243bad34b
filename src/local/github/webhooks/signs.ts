// What happened without words, as webhooks: labels, clicked buttons, checks that are wanted again.

import { checkRunEventJson } from "../render/check.ts";
import { issueJson, labelJson } from "../render/issue.ts";
import { fullPullJson } from "../render/pull.ts";
import { addressesOf } from "../render/repository.ts";
import type { CheckRun, Issue, Label } from "../state.ts";
import { isPull } from "../look-up.ts";
import { type Scene, send } from "./events.ts";

export async function labeled(scene: Scene, issue: Issue, label: Label): Promise<void> {
  const { core, repository } = scene;
  const json = labelJson(addressesOf(core, repository).api, label);
  if (isPull(issue)) {
    const pull = await fullPullJson(core, repository, issue);
    const { number } = issue;
    send(scene, "pull_request", { action: "labeled", number, pull_request: pull, label: json });
  } else {
    const said = issueJson(core, repository, issue);
    send(scene, "issues", { action: "labeled", issue: said, label: json });
  }
}

export function checkClicked(scene: Scene, check: CheckRun, identifier: string): void {
  const { core, repository } = scene;
  send(scene, "check_run", {
    action: "requested_action",
    check_run: checkRunEventJson(core, repository, check),
    requested_action: { identifier },
  });
}

export function checkWanted(scene: Scene, check: CheckRun): void {
  const { core, repository } = scene;
  const json = checkRunEventJson(core, repository, check);
  send(scene, "check_run", { action: "rerequested", check_run: json });
}

/** The suite that this check run belongs to, with all that are in it. */
export function suiteWanted(scene: Scene, check: CheckRun): void {
  const { core, repository } = scene;
  const { repository: _, ...suite } = checkRunEventJson(core, repository, check).check_suite;
  const count = [...repository.checkRuns.values()].filter(
    ({ headSha }) => headSha === check.headSha,
  ).length;
  send(scene, "check_suite", {
    action: "rerequested",
    check_suite: {
      ...suite,
      latest_check_runs_count: count,
      check_runs_url: `${suite.url}/check-runs`,
      head_commit: headCommit(check),
    },
  });
}

/** GitHub tells more of it; nobody here reads it. */
const headCommit = ({ headSha, startedAt }: CheckRun) => ({
  id: headSha,
  tree_id: headSha,
  message: "",
  timestamp: startedAt,
  author: { name: "Somebody", email: null },
  committer: { name: "Somebody", email: null },
});
