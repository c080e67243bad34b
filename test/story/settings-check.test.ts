// A pull request that brings settings: its mistakes are told on their lines before anybody merges them, and without a comment.

import { expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const FILE = ".github/fanfold.yml";

/** As the app tells of a pull request's newest commit, whoever pushed it. */
async function pushed(stage: Stage): Promise<string> {
  const head = await stage.git("rev-parse", "topic");
  const who = { id: 4_711, login: "somebody[bot]", type: "Bot" };
  await stage.hear({
    source: "pull",
    key: `pull-${stage.thread}-${head.slice(0, 12)}`,
    place: null,
    repository: stage.world.ref,
    thread: stage.thread,
    isPullRequest: true,
    comment: {
      id: stage.thread,
      body: head,
      authorId: who.id,
      authorLogin: who.login,
      authorType: who.type,
      viaApp: false,
    },
    sender: who,
    delivery: "d",
  });
  return head;
}

it("is red with a note on each line, green once it is mended, and silent where the file is not touched", async () => {
  await using stage = await openStage({ files: { "a.txt": "a\n" }, model: playedBy({}) });
  await stage.openPull({ "a.txt": "b\n" });
  await pushed(stage);
  expect(stage.github.checks).toEqual([]);

  await stage.push({ [FILE]: "savedWorkflowsOnly: true\nbudgte:\n  run: 5\n" }, "topic");
  const broken = await pushed(stage);
  await stage.push({ [FILE]: "savedWorkflowsOnly: true\nbudget:\n  run: 5\n" }, "topic");
  const mended = await pushed(stage);
  expect(stage.github.checks).toMatchObject([
    {
      name: "fanfold / settings",
      headSha: broken,
      conclusion: "failure",
      title: "One mistake in the settings",
      annotations: [{ path: FILE, line: 2, message: expect.stringContaining("`budget`") }],
    },
    { name: "fanfold / settings", headSha: mended, conclusion: "success" },
  ]);
  expect(stage.said()).toEqual([]);
});

it("says nothing on a pull request whose base has the same file", async () => {
  const files = { "a.txt": "a\n", [FILE]: "nonsense: 1\n" };
  await using stage = await openStage({ files, model: playedBy({}) });
  await stage.openPull({ "a.txt": "b\n" });
  await pushed(stage);
  expect(stage.github.checks).toEqual([]);
});
