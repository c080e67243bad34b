// Reviews and their line comments as GitHub's API writes them.

import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { Repository } from "../state.ts";
import type { Review, ReviewComment } from "../review-state.ts";
import { accountJson, associationOf, reactionsJson } from "./account.ts";
import { addressesOf } from "./repository.ts";

export function reviewJson(core: GitHubCore, repository: Repository, review: Review) {
  const { api, html } = addressesOf(core, repository);
  const { id, number, author, state, body, commit, submittedAt } = review;
  const page = `${html}/pull/${number}#pullrequestreview-${id}`;
  const pull = `${api}/pulls/${number}`;
  return {
    id,
    node_id: nodeId("PullRequestReview", id),
    user: accountJson(core, author),
    body,
    state,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(repository, author),
    _links: { html: { href: page }, pull_request: { href: pull } },
    ...(submittedAt === null ? {} : { submitted_at: submittedAt }),
    commit_id: commit,
  };
}

export function reviewCommentJson(
  core: GitHubCore,
  repository: Repository,
  comment: ReviewComment,
) {
  const { api, html } = addressesOf(core, repository);
  const { id, number, reviewId, replyTo, author } = comment;
  const self = `${api}/pulls/comments/${id}`;
  const page = `${html}/pull/${number}#discussion_r${id}`;
  const pull = `${api}/pulls/${number}`;
  return {
    url: self,
    pull_request_review_id: reviewId,
    id,
    node_id: nodeId("PullRequestReviewComment", id),
    ...placeJson(repository, comment),
    ...(replyTo === null ? {} : { in_reply_to_id: replyTo }),
    user: accountJson(core, author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(repository, author),
    _links: { self: { href: self }, html: { href: page }, pull_request: { href: pull } },
    reactions: reactionsJson(self, comment.reactions),
  };
}

/** Where it stands; what is outdated or about a whole file has no line now. */
function placeJson(repository: Repository, { threadId }: ReviewComment) {
  const thread = repository.threads.get(threadId);
  if (thread === undefined) throw new Error(`Review thread ${threadId} is missing.`);
  const { path, subject, side, line, position, original } = thread;
  return {
    diff_hunk: thread.diffHunk,
    path,
    commit_id: thread.commit,
    original_commit_id: original.commit,
    ...(position === null ? {} : { position }),
    ...(original.position === null ? {} : { original_position: original.position }),
    ...(line === null ? {} : { line }),
    ...(original.line === null ? {} : { original_line: original.line }),
    start_line: thread.startLine,
    original_start_line: original.startLine,
    start_side: thread.startSide,
    side,
    subject_type: subject,
  };
}
