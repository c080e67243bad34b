// Reviews with the rules that bite: every line must be in the diff, nobody judges their own work, one pending at a time.

import { invalid, notFound, refused, unprocessable } from "../errors.ts";
import { nextId, type PullIssue } from "../state.ts";
import type { Review, ReviewComment, ReviewThread } from "../review-state.ts";
import { timestamp } from "../look-up.ts";
import { inTurn } from "../turns.ts";
import { reviewCommentHappened, reviewHappened, type Scene } from "../webhooks/events.ts";
import { commitOf, type NewLineComment, placeAll, type Placed } from "./line-places.ts";
import { mustFit } from "./speak.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

export interface NewReview {
  /** Null: the head. */
  commit: string | null;
  /** Null: stays pending. */
  event: ReviewEvent | null;
  body: string;
  comments: readonly NewLineComment[];
}

const stateAfter = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;

/**
 * All comments or none. Throws a `Refusal` as GitHub would. In turn, so that of two pending ones at once the second one
 * finds the first, and no push moves the lines in between.
 */
export function review(scene: Scene, issue: PullIssue, wanted: NewReview): Promise<Review> {
  return inTurn(scene.repository, () => add(scene, issue, wanted));
}

async function add(scene: Scene, issue: PullIssue, wanted: NewReview): Promise<Review> {
  mayReview(scene, issue, wanted.event);
  mustSaySomething(wanted);
  for (const { body } of [wanted, ...wanted.comments]) mustFit("PullRequestReview", body);
  const commit = await commitOf(scene.repository, issue, wanted.commit);
  const places = await placeAll(scene.repository, issue, { commit, comments: wanted.comments });
  const made = addReview(scene, issue, { ...wanted, commit });
  const comments = places.map((place) => addThread(scene, { issue, review: made, place }));
  if (made.submittedAt !== null) tell(scene, issue, { review: made, comments });
  return made;
}

function mayReview(scene: Scene, issue: PullIssue, event: ReviewEvent | null): void {
  const { repository, sender } = scene;
  const own = issue.author.id === sender.id;
  if (own && event === "APPROVE") throw refused("Review Can not approve your own pull request");
  if (own && event === "REQUEST_CHANGES") {
    throw refused("Review Can not request changes on your own pull request");
  }
  const pending = [...repository.reviews.values()].some(
    ({ number, author, state }) =>
      number === issue.number && author.id === sender.id && state === "PENDING",
  );
  if (pending) throw refused("User can only have one pending review per pull request");
}

function mustSaySomething({ event, body, comments }: NewReview): void {
  if (event === "COMMENT" && body.trim() === "" && comments.length === 0) {
    throw refused("Body can't be blank");
  }
  if (event === "REQUEST_CHANGES" && body.trim() === "") throw refused("Body can't be blank");
  for (const comment of comments) {
    if (comment.body.trim() === "") throw refused("Body can't be blank");
  }
}

function addReview(
  { core, repository, sender }: Scene,
  { number }: PullIssue,
  { commit, event, body }: NewReview & { commit: string },
): Review {
  const made: Review = {
    id: nextId(core.state),
    number,
    author: sender,
    state: event === null ? "PENDING" : stateAfter[event],
    body,
    commit,
    submittedAt: event === null ? null : timestamp(),
    minimized: null,
  };
  repository.reviews.set(made.id, made);
  return made;
}

function addThread(
  scene: Scene,
  { issue, review, place }: { issue: PullIssue; review: Review; place: Placed },
): ReviewComment {
  const { core, repository } = scene;
  const { comment, commit, line, position, diffHunk } = place;
  const { path, side, startLine, startSide, subject } = comment;
  const id = nextId(core.state);
  const thread: ReviewThread = {
    id,
    number: issue.number,
    path,
    subject,
    side,
    line,
    startLine,
    startSide: startLine === null ? null : (startSide ?? side),
    position,
    commit,
    original: { commit, line, startLine, position },
    diffHunk,
    resolvedBy: null,
  };
  repository.threads.set(id, thread);
  return addComment(scene, { review, threadId: id, replyTo: null, body: comment.body });
}

function addComment(
  { core, repository, sender }: Scene,
  said: { review: Review; threadId: number; replyTo: number | null; body: string },
): ReviewComment {
  const now = timestamp();
  const { review, ...rest } = said;
  const comment: ReviewComment = {
    id: nextId(core.state),
    number: review.number,
    reviewId: review.id,
    ...rest,
    author: sender,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    minimized: null,
  };
  repository.reviewComments.set(comment.id, comment);
  return comment;
}

function tell(
  scene: Scene,
  issue: PullIssue,
  { review, comments }: { review: Review; comments: readonly ReviewComment[] },
): void {
  issue.updatedAt = timestamp();
  reviewHappened(scene, { issue, review }, "submitted");
  for (const comment of comments) {
    reviewCommentHappened(scene, { issue, comment }, { action: "created" });
  }
}

/** One comment on a line or a file is a review of its own. */
export async function commentOnLine(
  scene: Scene,
  issue: PullIssue,
  { comment, commit }: { comment: NewLineComment; commit: string },
): Promise<ReviewComment> {
  const made = await review(scene, issue, {
    commit,
    event: "COMMENT",
    body: "",
    comments: [comment],
  });
  const first = [...scene.repository.reviewComments.values()].find(
    ({ reviewId }) => reviewId === made.id,
  );
  if (first === undefined) throw notFound();
  return first;
}

/** Answers the first comment of a thread; answers to answers are refused, as on GitHub. */
export function reply(
  scene: Scene,
  issue: PullIssue,
  { to, body }: { to: number; body: string },
): ReviewComment {
  const first = scene.repository.reviewComments.get(to);
  if (first === undefined || first.number !== issue.number) throw notFound();
  if (first.replyTo !== null) {
    throw invalid("PullRequestReviewComment", { field: "in_reply_to" });
  }
  if (body.trim() === "") throw unprocessable("PullRequestReviewComment", "body can't be blank");
  mustFit("PullRequestReviewComment", body);
  const own = addReview(scene, issue, {
    commit: issue.pull.head.sha,
    event: "COMMENT",
    body: "",
    comments: [],
  });
  const comment = addComment(scene, { review: own, threadId: first.threadId, replyTo: to, body });
  tell(scene, issue, { review: own, comments: [comment] });
  return comment;
}

/** Submits a pending review. */
export function submit(
  scene: Scene,
  issue: PullIssue,
  { review, event, body }: { review: Review; event: ReviewEvent; body: string },
): void {
  if (review.state !== "PENDING") throw refused("Can not submit a review that is not pending");
  const own = issue.author.id === scene.sender.id;
  if (own && event !== "COMMENT") throw refused("Can not judge your own pull request");
  mustFit("PullRequestReview", body);
  Object.assign(review, { state: stateAfter[event], body, submittedAt: timestamp() });
  const comments = [...scene.repository.reviewComments.values()].filter(
    ({ reviewId }) => reviewId === review.id,
  );
  tell(scene, issue, { review, comments });
}
