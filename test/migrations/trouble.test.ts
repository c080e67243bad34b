// Trouble of parts: a red default branch, refusals, lost commits. It keeps no other part, costs no money in vain, and is told.

import { expect, it } from "vitest";

import { RunRefused } from "../../src/command/run-desk.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { openTown } from "./town.ts";

const FILES = { "a.js": "a\n", "b.js": "b\n", "c.js": "c\n", "d.js": "d\n" };
const done = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { [`${name}.js`]: `${name} anew\n` }]));

it("does nothing again for what the default branch fails itself, and builds on it anew once it passes there", async () => {
  const town = openTown({ files: { ...FILES, "broken.txt": "yes\n" } });
  town.github.ci = async ({ read }) => [
    { name: "tests", passed: (await read("broken.txt")) !== "yes\n", log: "broken\n" },
  ];
  await town.propose(done("a", "b"));
  await town.hours(4);
  expect(town.row("a")).toContain("1 check failed: tests (the default branch fails them as well)");
  expect(town.started).toEqual([]);
  town.push({ "broken.txt": "no\n" });
  await town.hours(3);
  expect(await town.shard("a")).toMatchObject({ status: "open", failure: null, note: null });
  expect(town.started).toEqual([]);
});

it("does a part again whose own change fails, with the log, and not once it passes", async () => {
  const town = openTown({ files: FILES });
  town.github.ci = async ({ read }) => [
    { name: "tests", passed: (await read("a.js")) !== "a anew\n", log: "a is required\n" },
  ];
  await town.propose(done("a", "b"));
  await town.hours(4);
  expect(town.started).toEqual([`migrate {"what":"A to B","only":["a"]}`]);
  expect(await town.known()).toMatchObject([{ log: "a is required", state: "failing" }, {}]);
  // Somebody runs the check again, and it passes: nobody is at it any more.
  town.github.ci = async () => [{ name: "tests", passed: true, log: "" }];
  await town.hours(2);
  expect(await town.shard("a")).toMatchObject({ status: "open", redo: null, failure: null });
});

it("does no more than three parts again at the same time, and counts no try that could not begin", async () => {
  const names = ["a", "b", "c", "d"];
  const town = openTown({ files: FILES });
  await town.propose(done(...names));
  town.push(Object.fromEntries(names.map((name) => [`${name}.js`, `${name} of ada\n`])));
  town.refuse.start = new RunRefused("Today's money is spent.");
  await town.hours(4);
  expect(town.row("a")).toContain("Today's money is spent.");
  expect((await town.shards()).map(({ again, redo }) => [again, redo])).toEqual(
    names.map(() => [0, null]),
  );
  town.refuse.start = null;
  await town.hours(1);
  expect(town.started).toHaveLength(3);
  town.refuse.over = true;
  await town.hours(4);
  expect(town.started).toHaveLength(8);
  expect(town.row("a")).toContain(
    "It was done again 2 times and is tried once more when somebody runs the migration again.",
  );
});

it("begins what was claimed and never begun, as the same run, and counts it once", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  town.push({ "a.js": "a of ada\n" });
  // Whoever claimed it dies; then the queue is away for longer than a run may take.
  town.refuse.start = new Error("The queue is away.");
  await town.hours(2);
  const { redo } = await town.shard("a");
  town.restart();
  await town.hours(30);
  expect(await town.shard("a")).toMatchObject({ again: 1, redo: { run: redo?.run } });
  expect(town.row("a")).not.toContain("It was done again");
  town.refuse.start = null;
  await town.hours(3);
  expect(town.started).toEqual([`migrate {"what":"A to B","only":["a"]}`]);
  expect(await town.shard("a")).toMatchObject({ again: 1, redo: { run: redo?.run } });
});

it("counts no try that was claimed and may not begin any more, and one claim of weeks ago as none", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  town.push({ "a.js": "a of ada\n" });
  town.refuse.start = new Error("The queue is away.");
  await town.hours(2);
  town.refuse.start = new RunRefused("Today's money is spent.");
  await town.hours(1);
  expect(await town.shard("a")).toMatchObject({ again: 0, redo: null });
  expect(town.row("a")).toContain("Today's money is spent.");
  town.refuse.start = new Error("The queue is away.");
  await town.hours(1);
  town.refuse.start = null;
  await town.later(14 * 24 * 60 * 60_000);
  expect(town.started).toHaveLength(1);
  expect(await town.shard("a")).toMatchObject({ again: 1 });
});

it("leaves a claim alone that another process may be about to make true", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  town.push({ "a.js": "a of ada\n" });
  town.refuse.start = new Error("The process died.");
  await town.later();
  const { redo } = await town.shard("a");
  expect(redo).not.toBeNull();
  town.refuse.start = null;
  await town.clock.advance(5 * 60_000);
  await town.openBot().look();
  expect(town.started).toEqual([]);
  expect((await town.shard("a")).redo).toEqual(redo);
});

it("does not do a part again in other words than it was asked for, where these are too long", async () => {
  // Eight thousand characters as JSON, which tells each of these by six.
  const town = openTown({ files: FILES, what: `A to B${"\u0001".repeat(1_400)}` });
  await town.propose(done("a"));
  town.push({ "a.js": "a of ada\n" });
  await town.hours(3);
  expect(town.started).toEqual([]);
  expect(town.row("a")).toContain(
    "It is not done again by itself: the words of this migration are too long for it.",
  );
});

it("goes on with the others when GitHub refuses one part, and tells why", async () => {
  const town = openTown({
    files: FILES,
    before: (name) => {
      if (name === "createPullRequest" && town.pulls().length === 1 && isStrict)
        throw new ForgeError("refused", "A rule of this repository is against it.");
    },
  });
  let isStrict = true;
  await town.propose(done("a", "b", "c"));
  await town.look();
  expect(town.pulls()).toHaveLength(1);
  expect(town.row("b")).toContain("GitHub said no: A rule of this repository is against it.");
  expect(town.row("c")).toContain("GitHub said no");
  isStrict = false;
  await town.hours(2);
  expect(town.pulls()).toHaveLength(3);
  // One of them is deleted by GitHub's staff: the others are looked at all the same.
  town.github.pulls.splice(town.github.pulls.indexOf(town.pullOf("a")), 1);
  await town.merge("b");
  await town.later();
  expect(await town.shard("b")).toMatchObject({ status: "merged" });
});

it("opens pull requests where there can be no issue", async () => {
  const town = openTown({
    files: FILES,
    before: (name) => {
      if (name === "createIssue") throw new ForgeError("refused", "Issues are switched off.");
    },
  });
  await town.propose(done("a"));
  await town.look();
  expect(town.pulls()).toHaveLength(1);
});

it("tells the end although the issue could not be written when the last part was settled", async () => {
  let isDown = false;
  const town = openTown({
    files: FILES,
    before: (name) => {
      if (isDown && name === "editIssue") throw new ForgeError("unreachable", "The line is dead.");
    },
  });
  await town.propose(done("a"));
  await town.look();
  await town.merge("a");
  isDown = true;
  await town.later();
  isDown = false;
  await town.hours(2);
  expect(town.issue()).toContain("**Done**: nothing is left to decide.");
});

it("keeps commits of parts that wait, though the branches of their run are gone, and does again what is lost", async () => {
  const town = openTown({ files: FILES, settings: "  hourlyLimit: 1\n" });
  await town.propose(done("a", "b", "c"));
  await town.look();
  for (const name of town.hub.refs.keys())
    if (name.startsWith("refs/heads/fanfold/wf-")) town.hub.move(name, null);
  town.restart();
  await town.hours(2);
  expect(town.pulls()).toHaveLength(3);
  await town.propose(done("d"));
  const { head } = await town.shard("d");
  for (const [name, oid] of town.hub.refs) if (oid === head) town.hub.move(name, null);
  town.restart();
  await town.hours(1);
  expect(town.started).toEqual([`migrate {"what":"A to B","only":["d"]}`]);
  expect(town.row("d")).toContain("Its commits are not to be had any more");
});

it("says that a check hangs, and what failed beside it", async () => {
  const town = openTown({ files: FILES });
  town.github.ci = async ({ sha }) => {
    town.github.ciLooks.delete(sha);
    return [{ name: "slow", passed: true, log: "" }];
  };
  await town.propose(done("a"));
  await town.hours(2);
  expect(town.row("a")).not.toContain("Not over");
  await town.hours(25);
  expect(town.row("a")).toContain("Not over for a day: slow (in_progress).");
});

it("tells in a row what a part's reviewers said no to, and not as a part that is not proposed", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"), { refused: ["b"] });
  await town.propose({}, { refused: ["a"] });
  await town.look();
  expect(town.issue()).toContain("- `b`: rejected");
  expect(town.issue()).not.toContain("- `a`: rejected");
});

it("says why nothing is opened where Fanfold is closed, and writes nothing into an archive", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  town.push({ ".github/fanfold.yml": "disableWorkflows: true\n" });
  await town.look();
  expect(town.issue()).toContain("1 part waits: `disableWorkflows` holds here");
  town.github.isArchived = true;
  town.push({ ".github/fanfold.yml": "pullRequests:\n  per: shard\n" });
  await town.later();
  expect(town.pulls()).toEqual([]);
});

it("looks at a part under the names that its files have by now", async () => {
  const town = openTown({ files: { "a.js": "a\n", "b.js": "b\n" } });
  await town.propose({ a: { "a.js": null, "moved.js": "a anew\n" } });
  await town.look();
  expect((await town.shard("a")).files).toEqual(["a.js", "moved.js"]);
});
