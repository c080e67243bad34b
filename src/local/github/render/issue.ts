// Issues and the comments in them as GitHub's API writes them.

import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { Issue, IssueComment, Label, Repository } from "../state.ts";
import { accountJson, associationOf, reactionsJson, viaApp } from "./account.ts";
import { addressesOf } from "./repository.ts";

/** As webhooks carry it; the API says in addition who closed it. */
export function issueJson(core: GitHubCore, repository: Repository, issue: Issue) {
  const { api, html } = addressesOf(core, repository);
  const { id, number, title, body, author, state } = issue;
  const self = `${api}/issues/${number}`;
  const comments = [...repository.comments.values()].filter((one) => one.number === number);
  return {
    url: self,
    repository_url: api,
    labels_url: `${self}/labels{/name}`,
    comments_url: `${self}/comments`,
    events_url: `${self}/events`,
    html_url: `${html}/${issue.pull === null ? "issues" : "pull"}/${number}`,
    id,
    node_id: nodeId(issue.pull === null ? "Issue" : "PullRequest", issue.pull?.id ?? id),
    number,
    title,
    user: accountJson(core, author),
    labels: issue.labels.map((label) => labelJson(api, label)),
    state,
    locked: false,
    assignee: issue.assignees[0] === undefined ? null : accountJson(core, issue.assignees[0]),
    assignees: issue.assignees.map((one) => accountJson(core, one)),
    milestone: null,
    comments: comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(repository, author),
    active_lock_reason: null,
    ...pullFields({ api, html }, issue),
    body,
    reactions: reactionsJson(self, issue.reactions),
    timeline_url: `${self}/timeline`,
    performed_via_github_app: viaApp(core, author),
    state_reason: issue.stateReason,
  };
}

function pullFields({ api, html }: { api: string; html: string }, { number, pull }: Issue) {
  if (pull === null) return {};
  const page = `${html}/pull/${number}`;
  return {
    draft: pull.draft,
    pull_request: {
      url: `${api}/pulls/${number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull.mergedAt,
    },
  };
}

/** As the API answers it. */
export function fullIssueJson(core: GitHubCore, repository: Repository, issue: Issue) {
  return {
    ...issueJson(core, repository, issue),
    closed_by: issue.closedBy === null ? null : accountJson(core, issue.closedBy),
  };
}

export const labelJson = (api: string, { id, name }: Label) => ({
  id,
  node_id: nodeId("Label", id),
  url: `${api}/labels/${encodeURIComponent(name)}`,
  name,
  color: "ededed",
  default: false,
  description: "",
});

export function commentJson(core: GitHubCore, repository: Repository, comment: IssueComment) {
  const { api, html } = addressesOf(core, repository);
  const { id, number, author, body, createdAt, updatedAt } = comment;
  const self = `${api}/issues/comments/${id}`;
  const isPull = repository.issues.get(number)?.pull != null;
  return {
    url: self,
    html_url: `${html}/${isPull ? "pull" : "issues"}/${number}#issuecomment-${id}`,
    issue_url: `${api}/issues/${number}`,
    id,
    node_id: nodeId("IssueComment", id),
    user: accountJson(core, author),
    created_at: createdAt,
    updated_at: updatedAt,
    body,
    author_association: associationOf(repository, author),
    reactions: reactionsJson(self, comment.reactions),
    performed_via_github_app: viaApp(core, author),
  };
}
