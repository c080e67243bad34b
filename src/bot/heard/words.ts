// Deliveries that carry a person's words: comments, edits, reviews, comments on lines, bodies of new threads. Pure.

import { z } from "zod";

import { commandLines } from "../../command/parse.ts";
import { Account, Issue, type Kind, Pull, Words, wordsIn } from "./payload.ts";

const Comment = z.object({ issue: Issue, comment: Words });
const Edit = Comment.extend({
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).default({}),
});
const Review = z.object({ pull_request: Pull, review: Words });
const LineComment = z.object({
  pull_request: Pull,
  comment: Words.extend({
    path: z.string(),
    line: z.int().nullish(),
    side: z.enum(["LEFT", "RIGHT"]).nullish(),
    diff_hunk: z.string().default(""),
  }),
});
const Opening = z.object({
  number: z.int(),
  body: z.string().nullable(),
  user: Account.nullable(),
});

export const wordKinds = {
  "issue_comment.created": {
    source: "comment",
    read(payload) {
      const { issue, comment } = Comment.parse(payload);
      return { ...threadOf(issue), key: String(comment.id), ...wordsIn(comment) };
    },
  },
  // Whoever may write may edit other people's comments: an edit commands nothing, and whoever tried is told so once.
  "issue_comment.edited": {
    source: "edit",
    read(payload) {
      const { issue, comment, changes } = Edit.parse(payload);
      const before = new Set(commandLines(changes.body?.from ?? comment.body ?? ""));
      const added = commandLines(comment.body ?? "").filter((line) => !before.has(line));
      if (added.length === 0) return null;
      const words = { ...wordsIn(comment), body: added.join("\n\n") };
      return { ...threadOf(issue), key: `edit-${comment.id}`, ...words };
    },
  },
  "pull_request_review.submitted": {
    source: "review",
    read(payload) {
      const { pull_request: pull, review } = Review.parse(payload);
      return { ...inPull(pull), key: `review-${review.id}`, ...wordsIn(review) };
    },
  },
  "pull_request_review_comment.created": {
    source: "line",
    read(payload) {
      const { pull_request: pull, comment } = LineComment.parse(payload);
      const { path, line = null, side, diff_hunk: hunk } = comment;
      const place = { path, line, side: side ?? "RIGHT", hunk };
      return { ...inPull(pull), key: `line-${comment.id}`, ...wordsIn(comment), place };
    },
  },
  "issues.opened": {
    source: "body",
    read: (payload) => opened(z.object({ issue: Opening }).parse(payload).issue, false),
  },
  "pull_request.opened": {
    source: "body",
    read: (payload) => {
      return opened(z.object({ pull_request: Opening }).parse(payload).pull_request, true);
    },
  },
} as const satisfies Record<string, Kind>;

const threadOf = ({ number, pull_request: pull }: z.infer<typeof Issue>) => ({
  thread: number,
  isPullRequest: pull != null,
});

const inPull = ({ number }: z.infer<typeof Pull>) => ({ thread: number, isPullRequest: true });

function opened({ number, body, user }: z.infer<typeof Opening>, isPullRequest: boolean) {
  const key = `body-${number}`;
  return { thread: number, isPullRequest, key, id: number, body: body ?? "", author: user };
}
