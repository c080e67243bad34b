// Everything that carries a person's words, through the app as GitHub delivers it: what is heard of it, and what is not.

import { Probot } from "probot";
import { expect, it } from "vitest";

import { connect } from "../../src/app.ts";
import { BOARD_MARKER } from "../../src/schedules/board.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import type { CommentEvent, LetterEvent } from "../../src/world/inbox.ts";

const ada = { id: 9, login: "ada", type: "User" };
const scene = {
  installation: { id: 5 },
  repository: { id: 6, name: "site", owner: { login: "acme" } },
  sender: ada,
};
const words = { id: 8, body: "/workflow fix it", user: ada, performed_via_github_app: null };
const issue = { number: 7, updated_at: "2026-01-01T00:00:00Z" };
const pull = { ...issue, head: { sha: "a".repeat(40) } };
const check = { id: 31, external_id: "wf-0a1@7", completed_at: "2026-01-01T00:00:00Z" };

async function heardIn(name: string, payload: object): Promise<CommentEvent[]> {
  return (await lettersOf(name, payload)).filter((event) => "comment" in event);
}

async function lettersOf(name: string, payload: object): Promise<LetterEvent[]> {
  const probot = await new Probot({
    githubToken: "none",
    secret: "x".repeat(32),
    logLevel: "fatal",
  }).ready();
  const heard: LetterEvent[] = [];
  const intake = {
    take: (event: LetterEvent) => Promise.resolve(void heard.push(event)),
  };
  connect(probot, {
    intake,
    heard: { note: () => {} },
    serves: () => true,
    log: createMemoryLog(),
  });
  const [event, action] = name.split(".");
  // The payload is what the row says, not what the library's types allow.
  const receive: unknown = Reflect.get(probot, "receive");
  if (typeof receive !== "function") throw new Error("Probot receives nothing.");
  const delivery = { id: "d-1", name: event, payload: { action, ...scene, ...payload } };
  await Reflect.apply(receive, probot, [delivery]);
  return heard;
}

type Row = [name: string, payload: object, heard: object];

it.each<Row>([
  ["issue_comment.created", { issue, comment: words }, { source: "comment", key: "8" }],
  [
    "pull_request_review.submitted",
    { pull_request: pull, review: words },
    { source: "review", key: "review-8", isPullRequest: true },
  ],
  [
    "pull_request_review_comment.created",
    {
      pull_request: pull,
      comment: { ...words, path: "src/a.js", line: 12, side: "RIGHT", diff_hunk: "@@ -1 +1 @@" },
    },
    {
      source: "line",
      key: "line-8",
      isPullRequest: true,
      place: { path: "src/a.js", line: 12, side: "RIGHT", hunk: "@@ -1 +1 @@" },
    },
  ],
  [
    "pull_request_review_comment.created",
    { pull_request: pull, comment: { ...words, path: "src/a.js", line: null } },
    { place: { path: "src/a.js", line: null, side: "RIGHT", hunk: "" } },
  ],
  [
    "issues.opened",
    { issue: { ...issue, body: "It breaks.\n\n/workflow fix it", user: ada } },
    { source: "body", key: "body-7", isPullRequest: false },
  ],
  [
    "issues.labeled",
    { issue, label: { name: "fanfold:audit src" } },
    { source: "label", comment: { body: "/workflow audit src" } },
  ],
  [
    "pull_request.labeled",
    { pull_request: pull, label: { name: "fanfold:review" } },
    { source: "label", isPullRequest: true, comment: { body: "/workflow review" } },
  ],
  [
    "check_run.requested_action",
    { check_run: check, requested_action: { identifier: "approve:7f3a91c2" } },
    { source: "click", comment: { body: "/workflow approve 7f3a91c2" } },
  ],
  [
    "check_run.requested_action",
    { check_run: check, requested_action: { identifier: "budget:$40" } },
    { source: "click", comment: { body: "/workflow budget wf-0a1 $40" } },
  ],
  [
    "check_run.rerequested",
    { check_run: { ...check, external_id: "wf-0a1@7/part/abc" } },
    { source: "rerun", comment: { body: "/workflow retry wf-0a1" } },
  ],
  [
    "check_suite.rerequested",
    { check_suite: { id: 3, head_sha: "b".repeat(40), updated_at: "x", pull_requests: [] } },
    { source: "suite", comment: { body: "b".repeat(40) } },
  ],
  [
    "pull_request.synchronize",
    { pull_request: pull },
    { source: "pull", key: "pull-7-aaaaaaaaaaaa" },
  ],
])("%s is heard", async (name, payload, heard) => {
  const events = await heardIn(name, payload);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject(heard);
  const { thread, sender, comment } = events[0] ?? {};
  expect([thread, sender, comment?.authorId]).toEqual([
    name.startsWith("check_suite") ? 0 : 7,
    ada,
    9,
  ]);
});

it("a new pull request both speaks and brings files", async () => {
  const opened = { ...pull, body: "/workflow review", user: ada };
  const events = await heardIn("pull_request.opened", { pull_request: opened });
  expect(events.map(({ source }) => source)).toEqual(["body", "pull"]);
});

it("an edited dashboard is kept as a letter with what it said before, and no other issue", async () => {
  const body = `- [x] a\n${BOARD_MARKER}`;
  const now = { issue: { ...issue, body } };
  const changes = { body: { from: "- [ ] a" } };
  expect(await lettersOf("issues.edited", { ...now, changes })).toEqual([
    {
      source: "issue",
      key: "edited-d-1",
      repository: { installationId: 5, repositoryId: 6, owner: "acme", name: "site" },
      thread: 7,
      body,
      before: "- [ ] a",
      sender: ada,
      delivery: "d-1",
    },
  ]);
  expect(await lettersOf("issues.edited", { ...now, changes: { title: { from: "b" } } })).toEqual(
    [],
  );
  const other = { issue: { ...issue, body: "- [x] a" } };
  expect(await lettersOf("issues.edited", { ...other, changes })).toEqual([]);
  const ours = { ...now, changes, sender: { ...ada, type: "Bot" } };
  expect(await lettersOf("issues.edited", ours)).toEqual([]);
});

it("an edit is heard only when lines came to speak to us by it, and then those lines alone", async () => {
  const edited = (from: string, body: string) =>
    heardIn("issue_comment.edited", {
      issue,
      comment: { ...words, body },
      changes: { body: { from } },
    });
  const [event] = await edited("/wf status", "Hi\n\n/wf status\n\n/workflow fix it");
  expect(event).toMatchObject({ source: "edit", comment: { body: "/workflow fix it" } });
  expect(await edited("/wf status\n\n/wf list", "/wf list\n\n/wf status")).toEqual([]);
  expect(await edited("/wf status\n\n/wf list", "/wf list and more words below")).toHaveLength(1);
  expect(await edited("/wf status", "nothing any more")).toEqual([]);
  expect(await heardIn("issue_comment.edited", { issue, comment: words, changes: {} })).toEqual([]);
});

it.each<[string, string, object]>([
  [
    "a review without words",
    "pull_request_review.submitted",
    { pull_request: pull, review: { ...words, body: null } },
  ],
  [
    "a review that is not submitted yet",
    "pull_request_review.edited",
    { pull_request: pull, review: words },
  ],
  [
    "a body that is edited",
    "issues.edited",
    { issue: { ...issue, body: "/workflow fix", user: ada } },
  ],
  ["somebody else's label", "issues.labeled", { issue, label: { name: "bug" } }],
  ["a label of several lines", "issues.labeled", { issue, label: { name: "fanfold:x\n/wf off" } }],
  [
    "a button that is not ours",
    "check_run.requested_action",
    { check_run: check, requested_action: { identifier: "off" } },
  ],
  [
    "a check of another kind",
    "check_run.rerequested",
    { check_run: { ...check, external_id: "settings" } },
  ],
  [
    "a click by an App",
    "check_run.rerequested",
    { check_run: check, sender: { ...ada, type: "Bot" } },
  ],
  [
    "a body of an App",
    "issues.opened",
    { issue: { ...issue, body: "/wf x y", user: ada }, sender: { ...ada, type: "Bot" } },
  ],
])("%s reaches nobody", async (_, name, payload) => {
  expect(await heardIn(name, payload)).toEqual([]);
});

it("what is signed names a click, so that nobody gives it again under another delivery", async () => {
  const click = { check_run: check, requested_action: { identifier: "land" } };
  const [one, again] = [
    await heardIn("check_run.requested_action", click),
    await heardIn("check_run.requested_action", click),
  ];
  expect(one[0]?.key).toBe(again[0]?.key);
  const [byBob] = await heardIn("check_run.requested_action", {
    ...click,
    sender: { ...ada, id: 10, login: "bob" },
  });
  expect(byBob?.key).not.toBe(one[0]?.key);
  const later = { ...click, check_run: { ...check, completed_at: "2026-01-02T00:00:00Z" } };
  const [other] = await heardIn("check_run.requested_action", later);
  expect(other?.key).not.toBe(one[0]?.key);
});
