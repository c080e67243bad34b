// Things of the state as GraphQL objects: fields are values, or functions where they are worked out when asked for.

import { type Actor, mustMay } from "../actor.ts";
import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import { commentJson } from "../render/issue.ts";
import { addressesOf } from "../render/repository.ts";
import type { Issue, IssueComment, PullIssue, Repository } from "../state.ts";
import type { Review, ReviewComment, ReviewThread } from "../review-state.ts";
import { findPull, pullsOf } from "../look-up.ts";
import { accountNode, hidden, said } from "./people.ts";
import { connection, type PageOf } from "./connection.ts";

export interface Sight {
  core: GitHubCore;
  actor: Actor;
  repository: Repository;
}

const mayRead = ({ repository, actor }: Sight, permission: string): void =>
  mustMay(repository, actor, { anyOf: permission.split("|"), level: "read" });

export function repositoryNode(sight: Sight) {
  const { core, repository } = sight;
  const { id, owner, name, defaultBranch } = repository;
  const ref = ({ qualifiedName }: { qualifiedName: string }) => refNode(repository, qualifiedName);
  return {
    __typename: "Repository",
    id: nodeId("Repository", id),
    databaseId: id,
    name,
    nameWithOwner: `${owner.login}/${name}`,
    isPrivate: repository.private,
    isEmpty: repository.refs.size === 0,
    url: addressesOf(core, repository).html,
    defaultBranchRef: () => ref({ qualifiedName: `refs/heads/${defaultBranch}` }),
    ref,
    refs: ({ refPrefix, ...page }: { refPrefix: string } & PageOf) => {
      const visible = [...repository.refs.keys()].filter(
        (full) => isVisible(full) && full.startsWith(refPrefix),
      );
      return connection(
        visible.map((full) => refNode(repository, full)),
        page,
      );
    },
    issue: ({ number }: { number: number }) => {
      mayRead(sight, "issues");
      const issue = repository.issues.get(number);
      return issue === undefined || issue.pull !== null ? null : issueNode(sight, issue);
    },
    pullRequest: ({ number }: { number: number }) => {
      mayRead(sight, "pull_requests");
      const issue = findPull(repository, number);
      return issue === undefined ? null : pullNode(sight, issue);
    },
    pullRequests: (wanted: PullsWanted) => {
      mayRead(sight, "pull_requests");
      return connection(
        pullsOf(repository)
          .filter((issue) => fits(issue, wanted))
          .map((issue) => pullNode(sight, issue)),
        wanted,
      );
    },
  };
}

type PullsWanted = PageOf & { states?: string[]; headRefName?: string; baseRefName?: string };

const fits = (issue: PullIssue, { states, headRefName, baseRefName }: PullsWanted): boolean =>
  (states == null || states.includes(pullState(issue))) &&
  (headRefName == null || issue.pull.head.ref === headRefName) &&
  (baseRefName == null || issue.pull.base.ref === baseRefName);

/** Refs elsewhere exist for git and for REST, but not here. */
const isVisible = (ref: string): boolean => /^refs\/(heads|tags)\//.test(ref);

function refNode(repository: Repository, qualified: string) {
  const full = qualified.startsWith("refs/") ? qualified : `refs/heads/${qualified}`;
  const sha = repository.refs.get(full);
  if (sha === undefined || !isVisible(full)) return null;
  const [, prefix = "", name = ""] = /^(refs\/(?:heads|tags)\/)(.*)$/.exec(full) ?? [];
  return {
    __typename: "Ref",
    id: nodeId("Ref", `${repository.id}:${full}`),
    name,
    prefix,
    target: { __typename: "Commit", id: nodeId("Commit", sha), oid: sha, message: "" },
  };
}

export function issueNode({ core, repository }: Sight, issue: Issue) {
  return {
    __typename: "Issue",
    id: nodeId("Issue", issue.id),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    closed: issue.state === "closed",
    url: `${addressesOf(core, repository).html}/issues/${issue.number}`,
    author: accountNode(core, issue.author),
  };
}

const pullState = ({ state, pull }: PullIssue): string => {
  if (pull.mergedAt !== null) return "MERGED";
  return state === "open" ? "OPEN" : "CLOSED";
};

export function pullNode(sight: Sight, issue: PullIssue) {
  const { core, repository } = sight;
  const { number, pull } = issue;
  const here = (one: { number: number }) => one.number === number;
  return {
    ...issueNode(sight, issue),
    __typename: "PullRequest",
    id: nodeId("PullRequest", pull.id),
    databaseId: pull.id,
    url: `${addressesOf(core, repository).html}/pull/${number}`,
    state: pullState(issue),
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    createdAt: issue.createdAt,
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    reviewThreads: (page: PageOf) =>
      connection(
        [...repository.threads.values()].filter(here).map((thread) => threadNode(sight, thread)),
        page,
      ),
    reviews: ({ author, states, ...page }: PageOf & { author?: string; states?: string[] }) =>
      connection(
        [...repository.reviews.values()]
          .filter(here)
          .filter((one) => states == null || states.includes(one.state))
          .filter((one) => author == null || accountNode(core, one.author).login === author)
          .map((review) => reviewNode(sight, review)),
        page,
      ),
  };
}

export function threadNode(sight: Sight, thread: ReviewThread) {
  const { core, repository } = sight;
  const comments = [...repository.reviewComments.values()].filter(
    ({ threadId }) => threadId === thread.id,
  );
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PullRequestReviewThread", thread.id),
    isResolved: thread.resolvedBy !== null,
    isCollapsed: thread.resolvedBy !== null,
    isOutdated: thread.line === null && thread.subject === "line",
    path: thread.path,
    line: thread.line,
    startLine: thread.startLine,
    originalLine: thread.original.line,
    diffSide: thread.side,
    subjectType: thread.subject.toUpperCase(),
    viewerCanResolve: thread.resolvedBy === null,
    viewerCanUnresolve: thread.resolvedBy !== null,
    resolvedBy: thread.resolvedBy === null ? null : accountNode(core, thread.resolvedBy),
    repository: () => repositoryNode(sight),
    pullRequest: () => {
      const issue = findPull(repository, thread.number);
      return issue === undefined ? null : pullNode(sight, issue);
    },
    comments: (page: PageOf) =>
      connection(
        comments.map((comment) => reviewCommentNode(sight, comment)),
        page,
      ),
  };
}

export function reviewNode({ core, repository }: Sight, review: Review) {
  const { id, number, state, body, submittedAt, minimized } = review;
  return {
    __typename: "PullRequestReview",
    ...said(core, review),
    id: nodeId("PullRequestReview", id),
    body,
    state,
    createdAt: submittedAt ?? repository.createdAt,
    ...hidden(minimized),
    url: `${addressesOf(core, repository).html}/pull/${number}#pullrequestreview-${id}`,
  };
}

export function reviewCommentNode(sight: Sight, comment: ReviewComment): object {
  const { core, repository } = sight;
  const { id, number, replyTo, threadId, minimized } = comment;
  const thread = repository.threads.get(threadId);
  const answered = replyTo === null ? undefined : repository.reviewComments.get(replyTo);
  return {
    __typename: "PullRequestReviewComment",
    ...said(core, comment),
    id: nodeId("PullRequestReviewComment", id),
    body: comment.body,
    createdAt: comment.createdAt,
    ...hidden(minimized),
    url: `${addressesOf(core, repository).html}/pull/${number}#discussion_r${id}`,
    path: thread?.path ?? "",
    line: thread?.line ?? null,
    diffHunk: thread?.diffHunk ?? "",
    replyTo: answered === undefined ? null : () => reviewCommentNode(sight, answered),
  };
}

export function commentNode({ core, repository }: Sight, comment: IssueComment) {
  return {
    __typename: "IssueComment",
    ...said(core, comment),
    id: nodeId("IssueComment", comment.id),
    body: comment.body,
    createdAt: comment.createdAt,
    ...hidden(comment.minimized),
    url: commentJson(core, repository, comment).html_url,
  };
}
