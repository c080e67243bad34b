// Reviews of pull requests and the comments on their lines.

import { z } from "zod";

import { accountOf } from "../actor.ts";
import { type ApiContext, bodyOf, type Call, mayEdit, numberIn, page, sceneOf } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, refused, unprocessable } from "../errors.ts";
import { reviewCommentJson, reviewJson } from "../render/review.ts";
import type { NewLineComment } from "../rules/line-places.ts";
import { commentOnLine, reply, review, submit } from "../rules/reviews.ts";
import type { Account, Repository } from "../state.ts";
import type { Review, ReviewComment } from "../review-state.ts";
import { timestamp } from "../look-up.ts";
import { mustFit } from "../rules/speak.ts";
import { pullIn } from "./pulls.ts";
import { type Api, noContent, repositoryRoutes, type RepositoryRoute } from "./router.ts";

const side = z.enum(["LEFT", "RIGHT"]);
const LineComment = z.object({
  path: z.string(),
  body: z.string(),
  line: z.int().positive().optional(),
  side: side.optional(),
  start_line: z.int().positive().optional(),
  start_side: side.optional(),
  position: z.int().positive().optional(),
  subject_type: z.enum(["line", "file"]).optional(),
});
type LineComment = z.infer<typeof LineComment>;

const event = z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]);
const NewReview = z.object({
  commit_id: z.string().nullish(),
  body: z.string().nullish(),
  event: z.union([event, z.literal("").transform(() => undefined)]).optional(),
  // A review cannot hold comments about whole files.
  comments: z.array(LineComment.omit({ subject_type: true })).optional(),
});
const NewComment = z.union([
  LineComment.extend({ commit_id: z.string(), in_reply_to: z.undefined().optional() }),
  z.object({ body: z.string(), in_reply_to: z.int() }),
]);
const Text = z.object({ body: z.string() });

export function reviewsRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("GET /pulls/:number{[0-9]+}/reviews", "pull_requests:read", (call, context) => {
    const { number } = pullIn(call, context);
    const reviews = visible(call).filter((one) => one.number === number);
    const json = page(context, reviews).map((one) => reviewJson(core, call.repository, one));
    return context.json(json);
  });
  on("POST /pulls/:number{[0-9]+}/reviews", "pull_requests:write", async (call, context) => {
    const wanted = await bodyOf(context, NewReview);
    const made = await review(sceneOf(call), pullIn(call, context), {
      commit: wanted.commit_id ?? null,
      event: wanted.event ?? null,
      body: wanted.body ?? "",
      comments: (wanted.comments ?? []).map(toLineComment),
    });
    return context.json(reviewJson(core, call.repository, made), 200);
  });
  pendingRoutes(on, core);
  commentRoutes(on, core);
}

/** A pending review is seen only by who writes it. */
function visible({ repository, actor }: Call): Review[] {
  const reader: Account | null =
    actor.kind === "installation" || actor.kind === "user" ? accountOf(actor) : null;
  return [...repository.reviews.values()].filter(
    ({ state, author }) => state !== "PENDING" || author.id === reader?.id,
  );
}

function toLineComment(comment: LineComment): NewLineComment {
  if (
    comment.line === undefined &&
    comment.position === undefined &&
    comment.subject_type !== "file"
  ) {
    throw unprocessable("PullRequestReviewComment", "line or position is missing");
  }
  return {
    path: comment.path,
    body: comment.body,
    line: comment.line ?? null,
    side: comment.side ?? "RIGHT",
    startLine: comment.start_line ?? null,
    startSide: comment.start_side ?? null,
    position: comment.position ?? null,
    subject: comment.subject_type ?? "line",
  };
}

const SubmitReview = z.object({ event, body: z.string().optional() });

function pendingRoutes(on: RepositoryRoute, core: GitHubCore): void {
  const path = "/pulls/:number{[0-9]+}/reviews/:review{[0-9]+}" as const;
  const find = (call: Call, context: ApiContext): Review => {
    const { number } = pullIn(call, context);
    const id = numberIn(context, "review");
    const found = visible(call).find((one) => one.id === id && one.number === number);
    if (found === undefined) throw notFound();
    return found;
  };
  on(`GET ${path}`, "pull_requests:read", (call, context) =>
    context.json(reviewJson(core, call.repository, find(call, context))),
  );
  on(`PUT ${path}`, "pull_requests:write", async (call, context) => {
    const found = find(call, context);
    mayEdit(call, found.author);
    const { body } = await bodyOf(context, Text);
    mustFit("PullRequestReview", body);
    found.body = body;
    return context.json(reviewJson(core, call.repository, found));
  });
  on(`DELETE ${path}`, "pull_requests:write", (call, context) => {
    const found = find(call, context);
    mayEdit(call, found.author);
    if (found.state !== "PENDING") {
      throw refused("Can not delete a non-pending pull request review");
    }
    const { repository } = call;
    for (const [id, comment] of repository.reviewComments) {
      if (comment.reviewId !== found.id) continue;
      repository.reviewComments.delete(id);
      repository.threads.delete(comment.threadId);
    }
    repository.reviews.delete(found.id);
    return context.json(reviewJson(core, repository, found));
  });
  on(`POST ${path}/events`, "pull_requests:write", async (call, context) => {
    const found = find(call, context);
    const { event, body } = await bodyOf(context, SubmitReview);
    const issue = pullIn(call, context);
    submit(sceneOf(call), issue, { review: found, event, body: body ?? found.body });
    return context.json(reviewJson(core, call.repository, found));
  });
  on(`GET ${path}/comments`, "pull_requests:read", (call, context) => {
    const { id } = find(call, context);
    const comments = [...call.repository.reviewComments.values()].filter(
      (one) => one.reviewId === id,
    );
    const json = page(context, comments).map((one) =>
      withPosition(reviewCommentJson(core, call.repository, one)),
    );
    return context.json(json);
  });
}

/** The comments of one review always have a position, be it null. */
const withPosition = <T extends object>(json: T) => ({
  position: null,
  original_position: 1,
  ...json,
});

function commentRoutes(on: RepositoryRoute, core: GitHubCore): void {
  on("GET /pulls/:number{[0-9]+}/comments", "pull_requests:read", (call, context) => {
    const { number } = pullIn(call, context);
    const seen = new Set(visible(call).map(({ id }) => id));
    const comments = [...call.repository.reviewComments.values()].filter(
      (one) => one.number === number && seen.has(one.reviewId),
    );
    return context.json(
      page(context, comments).map((one) => reviewCommentJson(core, call.repository, one)),
    );
  });
  on("POST /pulls/:number{[0-9]+}/comments", "pull_requests:write", async (call, context) => {
    const issue = pullIn(call, context);
    const wanted = await bodyOf(context, NewComment);
    const made =
      wanted.in_reply_to === undefined
        ? await commentOnLine(sceneOf(call), issue, {
            comment: toLineComment(wanted),
            commit: wanted.commit_id,
          })
        : reply(sceneOf(call), issue, { to: wanted.in_reply_to, body: wanted.body });
    return context.json(reviewCommentJson(core, call.repository, made), 201);
  });
  on(
    "POST /pulls/:number{[0-9]+}/comments/:id{[0-9]+}/replies",
    "pull_requests:write",
    async (call, context) => {
      const { body } = await bodyOf(context, Text);
      const to = numberIn(context, "id");
      const made = reply(sceneOf(call), pullIn(call, context), { to, body });
      return context.json(reviewCommentJson(core, call.repository, made), 201);
    },
  );
  const one = "/pulls/comments/:id{[0-9]+}" as const;
  const find = (call: Call, context: ApiContext): ReviewComment => {
    const found = call.repository.reviewComments.get(numberIn(context, "id"));
    const seen = visible(call).some(({ id }) => id === found?.reviewId);
    if (found === undefined || !seen) throw notFound();
    return found;
  };
  on(`GET ${one}`, "pull_requests:read", (call, context) =>
    context.json(reviewCommentJson(core, call.repository, find(call, context))),
  );
  on(`PATCH ${one}`, "pull_requests:write", async (call, context) => {
    const comment = find(call, context);
    mayEdit(call, comment.author);
    const { body } = await bodyOf(context, Text);
    mustFit("PullRequestReviewComment", body);
    Object.assign(comment, { body, updatedAt: timestamp() });
    return context.json(reviewCommentJson(core, call.repository, comment));
  });
  on(`DELETE ${one}`, "pull_requests:write", (call, context) => {
    const comment = find(call, context);
    mayEdit(call, comment.author);
    removeComment(call.repository, comment);
    return noContent(context);
  });
}

/** A conversation ends with its last comment. */
function removeComment({ reviewComments, threads }: Repository, comment: ReviewComment): void {
  reviewComments.delete(comment.id);
  const rest = [...reviewComments.values()].some(({ threadId }) => threadId === comment.threadId);
  if (!rest) threads.delete(comment.threadId);
}
