// Reviews by GitHub's rules.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { at, branch, openPull, openTown, refusalOf, type Town, twenty } from "./town.ts";

let town: Town;
let pull: { number: number; head: string };

beforeEach(async () => {
  town = await openTown();
  pull = await openPull(town);
  await town.github.settled();
  town.arrived.length = 0;
});
afterEach(() => town.close());

type Comment = {
  path: string;
  body: string;
  line?: number;
  side?: "LEFT" | "RIGHT";
  start_line?: number;
};

const review = (comments: Comment[], more: object = {}) =>
  town.bot.rest.pulls.createReview({
    ...at,
    pull_number: pull.number,
    commit_id: pull.head,
    event: "COMMENT",
    body: "A look at it.",
    comments,
    ...more,
  });

const on = (line: number, more: Partial<Comment> = {}): Comment => ({
  path: "README.md",
  body: `about ${line}`,
  line,
  side: "RIGHT",
  ...more,
});

const listed = async () => {
  const { data } = await town.bot.rest.pulls.listReviewComments({
    ...at,
    pull_number: pull.number,
  });
  return data;
};

describe("comments on lines", () => {
  it("stand on added, removed and context lines of the diff", async () => {
    const answer = await review([on(10), on(10, { side: "LEFT" }), on(7), on(13)]);
    expect(answer.status).toBe(200);
    expect((await listed()).map(({ line, side }) => [line, side])).toEqual([
      [10, "RIGHT"],
      [10, "LEFT"],
      [7, "RIGHT"],
      [13, "RIGHT"],
    ]);
    expect((await listed())[0]?.diff_hunk).toMatch(/^@@ .*\n[^]*\n\+line ten$/);
  });

  it("stand on the right of a new file only", async () => {
    const head = await branch(town, "new", { "added.txt": "one\ntwo\n" });
    const { data } = await town.bot.rest.pulls.create({
      ...at,
      title: "New",
      head: "new",
      base: "main",
    });
    const say = (side: "LEFT" | "RIGHT") =>
      town.bot.rest.pulls.createReview({
        ...at,
        pull_number: data.number,
        commit_id: head,
        event: "COMMENT",
        comments: [{ path: "added.txt", line: 1, side, body: "here" }],
      });
    expect((await say("RIGHT")).status).toBe(200);
    expect((await refusalOf(say("LEFT"))).status).toBe(422);
  });

  it.each([
    ["below the hunk", on(14)],
    ["above the hunk", on(6)],
    ["beyond the file", on(999)],
    ["in a file that did not change", { ...on(1), path: "src/a.txt" }],
  ])("refuse the whole review when one is %s", async (_where, outside) => {
    const refusal = await refusalOf(review([on(10), outside]));
    expect(refusal.status).toBe(422);
    expect(refusal.message).toContain("must be part of the diff");
    expect(await listed()).toEqual([]);
    const { data } = await town.bot.rest.pulls.listReviews({ ...at, pull_number: pull.number });
    expect(data).toEqual([]);
  });

  it("span lines of one hunk, in order", async () => {
    await review([on(11, { start_line: 9 })]);
    expect((await listed())[0]).toMatchObject({ start_line: 9, line: 11 });
    expect((await refusalOf(review([on(9, { start_line: 11 })]))).status).toBe(422);
  });

  it("about a whole file are not possible in a review, but alone", async () => {
    const { data } = await town.bot.rest.pulls.createReviewComment({
      ...at,
      pull_number: pull.number,
      commit_id: pull.head,
      path: "README.md",
      subject_type: "file",
      body: "the file",
    });
    expect(data).toMatchObject({ subject_type: "file", path: "README.md" });
  });

  it("go with their line when the head moves, and become outdated when it changes", async () => {
    await review([on(9), on(10)]);
    const files = { "README.md": `new first\n${twenty().replace("line 10\n", "line TEN\n")}` };
    const tree = await town.bot.rest.git.createTree({
      ...at,
      base_tree: pull.head,
      tree: Object.entries(files).map(([path, content]) => ({
        path,
        mode: "100644" as const,
        content,
      })),
    });
    const next = await town.bot.rest.git.createCommit({
      ...at,
      message: "Move",
      tree: tree.data.sha,
      parents: [pull.head],
    });
    await town.bot.rest.git.updateRef({ ...at, ref: "heads/work", sha: next.data.sha });
    const [moved, outdated] = await listed();
    expect(moved).toMatchObject({ line: 10, original_line: 9, commit_id: next.data.sha });
    expect(outdated?.line).toBeUndefined();
    expect(outdated).toMatchObject({ original_line: 10, original_commit_id: pull.head });
  });

  it("can be answered, but answers cannot", async () => {
    await review([on(10)]);
    const [first] = await listed();
    const reply = (to: number) =>
      town.ada.rest.pulls.createReplyForReviewComment({
        ...at,
        pull_number: pull.number,
        comment_id: to,
        body: "why?",
      });
    const { data } = await reply(first?.id ?? 0);
    expect(data.in_reply_to_id).toBe(first?.id);
    expect((await refusalOf(reply(data.id))).status).toBe(422);
  });
});

describe("a review", () => {
  it("cannot judge the work of its own author", async () => {
    for (const event of ["APPROVE", "REQUEST_CHANGES"]) {
      const refusal = await refusalOf(review([], { event }));
      expect(refusal.status).toBe(422);
      expect(refusal.message).toContain("your own pull request");
    }
    const { data } = await town.ada.rest.pulls.createReview({
      ...at,
      pull_number: pull.number,
      event: "APPROVE",
    });
    expect(data.state).toBe("APPROVED");
  });

  it("stands in the way of every other of the same person while it is pending", async () => {
    const { data: pending } = await town.bot.rest.pulls.createReview({
      ...at,
      pull_number: pull.number,
    });
    expect(pending.state).toBe("PENDING");
    const refusal = await refusalOf(review([]));
    expect(refusal.message).toContain("one pending review per pull request");
    const { data: seen } = await town.ada.rest.pulls.listReviews({
      ...at,
      pull_number: pull.number,
    });
    expect(seen).toEqual([]);
    await town.bot.rest.pulls.submitReview({
      ...at,
      pull_number: pull.number,
      review_id: pending.id,
      event: "COMMENT",
      body: "Done.",
    });
    expect((await review([])).status).toBe(200);
  });

  it("is pending once for a person, even when three are begun at once", async () => {
    const begin = () => review([on(10)], { event: undefined });
    const answers = await Promise.allSettled([begin(), begin(), begin()]);
    const ended = answers.map(({ status }) => status).sort();
    expect(ended).toEqual(["fulfilled", "rejected", "rejected"]);
  });

  it("cannot be changed, deleted or submitted by a reader, nor can its comments", async () => {
    const { data: made } = await review([on(10)]);
    const [comment] = await listed();
    const of = { ...at, pull_number: pull.number, review_id: made.id };
    const about = { ...at, comment_id: comment?.id ?? 0 };
    const { pulls } = town.grace.rest;
    const tries = [
      () => pulls.updateReview({ ...of, body: "Fine!" }),
      () => pulls.deletePendingReview(of),
      () => pulls.updateReviewComment({ ...about, body: "Fine!" }),
      () => pulls.deleteReviewComment(about),
    ];
    for (const attempt of tries) expect((await refusalOf(attempt())).status).toBe(403);
    expect(await listed()).toMatchObject([{ body: "about 10" }]);
    const { data: kept } = await town.ada.rest.pulls.getReview(of);
    expect(kept.body).toBe("A look at it.");
  });

  it("and its comments are hidden from everybody else while it is pending", async () => {
    const begun = await town.bot.rest.pulls.createReview({
      ...at,
      pull_number: pull.number,
      comments: [on(10)],
    });
    const of = { ...at, pull_number: pull.number, review_id: begun.data.id };
    const { data: own } = await town.bot.rest.pulls.listCommentsForReview(of);
    const comment_id = own[0]?.id ?? 0;
    const { pulls } = town.ada.rest;
    for (const attempt of [
      () => pulls.deletePendingReview(of),
      () => pulls.submitReview({ ...of, event: "COMMENT", body: "Done" }),
      () => pulls.getReviewComment({ ...at, comment_id }),
      () => pulls.deleteReviewComment({ ...at, comment_id }),
    ]) {
      expect((await refusalOf(attempt())).status).toBe(404);
    }
  });

  it("loses a conversation with the last comment in it", async () => {
    await review([on(10)]);
    const comment_id = (await listed())[0]?.id ?? 0;
    const { data: answer } = await town.ada.rest.pulls.createReplyForReviewComment({
      ...at,
      pull_number: pull.number,
      comment_id,
      body: "why?",
    });
    const threads = () => [...town.github.state.repositories.values()][0]?.threads.size;
    await town.bot.rest.pulls.deleteReviewComment({ ...at, comment_id });
    expect(threads()).toBe(1);
    await town.ada.rest.pulls.deleteReviewComment({ ...at, comment_id: answer.id });
    expect(threads()).toBe(0);
  });

  it("must say something", async () => {
    expect((await refusalOf(review([], { body: "" }))).status).toBe(422);
    expect((await review([on(10)], { body: "" })).status).toBe(200);
  });

  it("holds 65,536 characters and not one more", async () => {
    expect((await review([], { body: "x".repeat(65_536) })).status).toBe(200);
    expect((await refusalOf(review([], { body: "x".repeat(65_537) }))).status).toBe(422);
  });

  it("is about a commit of the pull request", async () => {
    const elsewhere = await branch(town, "elsewhere", { "e.txt": "e\n" });
    expect((await refusalOf(review([], { commit_id: elsewhere }))).status).toBe(422);
  });

  it("is told with each of its comments", async () => {
    await review([on(10), on(9)]);
    await town.github.settled();
    expect(town.arrived.map(({ event }) => event).sort()).toEqual([
      "pull_request_review",
      "pull_request_review_comment",
      "pull_request_review_comment",
    ]);
  });
});
