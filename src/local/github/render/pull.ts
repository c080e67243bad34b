// Pull requests as GitHub's API writes them, short in lists and long when asked for one.

import { changesBetween } from "../changes.ts";
import { distance, mergeBase } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { PullIssue, Repository, Tip } from "../state.ts";
import { accountJson, associationOf } from "./account.ts";
import { statsOf } from "./commit.ts";
import { labelJson } from "./issue.ts";
import { addressesOf, repositoryJson } from "./repository.ts";

/** As lists and the webhooks of reviews carry it. */
export function pullJson(core: GitHubCore, repository: Repository, issue: PullIssue) {
  const { api, html } = addressesOf(core, repository);
  const { number, pull, author } = issue;
  const self = `${api}/pulls/${number}`;
  const page = `${html}/pull/${number}`;
  return {
    url: self,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${api}/issues/${number}`,
    number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: accountJson(core, author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: issue.assignees[0] === undefined ? null : accountJson(core, issue.assignees[0]),
    assignees: issue.assignees.map((one) => accountJson(core, one)),
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((label) => labelJson(api, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${number}/comments`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
    head: tipJson(core, repository, pull.head),
    base: tipJson(core, repository, pull.base),
    _links: linksJson({ api, page, number, sha: pull.head.sha }),
    author_association: associationOf(repository, author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

function tipJson(core: GitHubCore, repository: Repository, { ref, sha }: Tip) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(core, repository.owner),
    repo: repositoryJson(core, repository),
  };
}

function linksJson(at: { api: string; page: string; number: number; sha: string }) {
  const { api, page, number, sha } = at;
  return {
    self: { href: `${api}/pulls/${number}` },
    html: { href: page },
    issue: { href: `${api}/issues/${number}` },
    comments: { href: `${api}/issues/${number}/comments` },
    review_comments: { href: `${api}/pulls/${number}/comments` },
    review_comment: { href: `${api}/pulls/comments{/number}` },
    commits: { href: `${api}/pulls/${number}/commits` },
    statuses: { href: `${api}/statuses/${sha}` },
  };
}

/** As one pull request is answered, and as its own webhooks carry it. */
export async function fullPullJson(core: GitHubCore, repository: Repository, issue: PullIssue) {
  const { number, pull } = issue;
  const here = (one: { number: number }) => one.number === number;
  const from = await diffBase(repository, issue);
  const files = await changesBetween(repository.gitDir, from, pull.head.sha);
  const stats = statsOf(files);
  const { ahead } = await distance(repository.gitDir, from, pull.head.sha);
  const clean = issue.state === "open" ? (pull.merge?.clean ?? null) : null;
  return {
    ...pullJson(core, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable: clean,
    rebaseable: clean,
    mergeable_state: mergeableState(clean, pull.draft),
    merged_by: pull.mergedBy === null ? null : accountJson(core, pull.mergedBy),
    comments: [...repository.comments.values()].filter(here).length,
    review_comments: [...repository.reviewComments.values()].filter(here).length,
    maintainer_can_modify: false,
    commits: ahead,
    additions: stats.additions,
    deletions: stats.deletions,
    changed_files: files.length,
  };
}

function mergeableState(clean: boolean | null, draft: boolean): string {
  if (clean === null) return "unknown";
  if (!clean) return "dirty";
  return draft ? "draft" : "clean";
}

/** Where the diff of a pull request begins: where its head left its base. */
export async function diffBase(
  { gitDir }: Repository,
  { pull }: PullIssue,
  head = pull.head.sha,
): Promise<string> {
  return (await mergeBase(gitDir, pull.base.sha, head)) ?? pull.base.sha;
}
