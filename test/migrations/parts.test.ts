// What a part's pull request goes through with people, crashes and other processes: it is opened once, and nothing of a person's is lost.

import { expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { openTown } from "./town.ts";

const FILES = { "a.js": "a\n", "b.js": "b\n", "c.js": "c\n", "d.js": "d\n" };
const done = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { [`${name}.js`]: `${name} anew\n` }]));

const MINUTE_MS = 60_000;

it("leaves a pull request alone that a later run's new places are named like, and makes these a part of their own", async () => {
  const town = openTown({ files: FILES });
  await town.propose({ src: { "a.js": "a anew\n" }, lib: { "b.js": "b anew\n" } });
  await town.look();
  town.pullOf("lib").state = "closed";
  await town.later();
  await town.propose({ src: { "c.js": "c anew\n" }, lib: { "d.js": "d anew\n" } });
  await town.later();
  expect((await town.shards()).map(({ name, status }) => [name, status])).toEqual([
    ["src", "open"],
    ["lib", "closed"],
    ["src, round 2", "open"],
    ["lib, round 2", "open"],
  ]);
  expect(town.textOf("a.js", `refs/heads/${town.pullOf("src").head}`)).toBe("a anew\n");
});

it("puts nothing below a pull request that is open when the same was asked for twice", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  await town.look();
  const { headSha } = town.pullOf("a");
  await town.propose({ a: { "a.js": "a in another way\n" } });
  await town.later();
  await town.later();
  expect(town.hub.refs.get(`refs/heads/${town.pullOf("a").head}`)).toBe(headSha);
  expect(town.pulls()).toHaveLength(1);
});

it.each(["createCommit", "moveRefs", "findPullRequest", "createPullRequest"])(
  "knows its own commit again after it died before %s, and opens the part once",
  async (operation) => {
    let isDown = true;
    const before = (name: string): void => {
      if (isDown && name === operation) throw new ForgeError("unreachable", "The line is dead.");
    };
    const town = openTown({ files: FILES, before });
    await town.propose(done("a"));
    await town.look();
    town.restart();
    // Meanwhile another file changes, so that what is folded is another tree.
    town.push({ "b.js": "b as well\n" });
    isDown = false;
    await town.later();
    expect(await town.shard("a")).toMatchObject({ status: "open", note: null });
    expect(town.pulls()).toHaveLength(1);
    expect(town.textOf("b.js", `refs/heads/${town.pullOf("a").head}`)).toBe("b as well\n");
  },
);

it("knows its own commit again after it moved an open part's branch and died", async () => {
  const town = openTown({ files: FILES });
  await town.propose({ a: { "a.js": "a anew\n", "b.js": "b\n" } });
  await town.look();
  town.push({ "b.js": "b by ada\n" });
  town.loseAnswers(true);
  await town.later();
  town.loseAnswers(false);
  town.restart();
  await town.later();
  town.push({ "b.js": "b by ada again\n" });
  await town.later();
  expect(await town.shard("a")).toMatchObject({ status: "open", note: null });
  expect(town.textOf("b.js", `refs/heads/${town.pullOf("a").head}`)).toBe("b by ada again\n");
});

it("never writes over what a person pushed to a part's branch", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  await town.look();
  const { head } = town.pullOf("a");
  const theirs = town.push({ "a.js": "a by ada\n" }, head);
  town.push({ "a.js": "a of main\n" });
  await town.hours(3);
  expect(town.hub.refs.get(`refs/heads/${head}`)).toBe(theirs);
  expect(town.row("a")).toContain("Somebody works on its branch: it is left to them.");
  expect(town.started).toEqual([]);
});

it("opens no more in an hour than allowed when two processes look at the same time, and each part once", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const files = Object.fromEntries(names.map((name) => [`${name}.js`, "old\n"]));
  const town = openTown({ files, settings: "  hourlyLimit: 3\n  concurrentLimit: 20\n" });
  await town.propose(done(...names));
  const other = town.openBot();
  for (let hour = 1; hour <= 2; hour++) {
    await Promise.all([town.look(), other.look()]);
    await town.clock.advance(20 * MINUTE_MS);
    await Promise.all([town.look(), other.look()]);
    expect(town.pulls()).toHaveLength(3 * hour);
    await town.clock.advance(41 * MINUTE_MS);
  }
  expect(new Set(town.pulls().map(({ head }) => head)).size).toBe(6);
  expect((await town.shards()).filter(({ note }) => note !== null)).toEqual([]);
});

it("opens no more in an hour than allowed when another process opened a part in the very moment before", async () => {
  let commits = 0;
  const others: (() => Promise<void>)[] = [];
  const town = openTown({
    files: FILES,
    settings: "  hourlyLimit: 1\n",
    before: async (name) => {
      if (name !== "createCommit") return;
      commits += 1;
      // The other one is refused the part that the first is at, and goes on to the next.
      if (commits === 1) await others[0]?.();
      if (commits === 2) throw new ForgeError("refused", "Not this one.");
    },
  });
  others.push(town.openBot().look);
  await town.propose(done("a", "b", "c"));
  await town.look();
  expect(commits).toBe(3);
  expect(town.pulls().map(({ head }) => head)).toEqual([town.pullOf("b").head]);
});

it("knows of a closed pull request that somebody opens again, and leaves one alone that is pointed elsewhere", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a", "b"));
  await town.look();
  town.pullOf("a").state = "closed";
  town.hub.move("refs/heads/next", town.hub.refs.get("refs/heads/main") ?? "");
  town.pullOf("b").base = "next";
  await town.later();
  expect(town.row("a")).toContain("⚪ closed: no");
  expect(town.row("b")).toContain("Somebody pointed it at `next`: it is left to them.");
  town.push({ "b.js": "b of ada\n" });
  const { headSha } = town.pullOf("b");
  town.pullOf("a").state = "open";
  await town.hours(7);
  expect(town.row("a")).toContain("🟢 open");
  expect(town.hub.refs.get(`refs/heads/${town.pullOf("b").head}`)).toBe(headSha);
  await town.merge("b");
  await town.later();
  expect(await town.shard("b")).toMatchObject({ status: "merged" });
});

it("takes a squash for what it is, and clears the refs of settled parts away: of a closed one when it is kept no longer", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a", "b"));
  await town.look();
  await town.merge("a", "squash");
  town.pullOf("b").state = "closed";
  await town.hours(1);
  expect(await town.shard("a")).toMatchObject({ status: "merged" });
  expect(town.refs()).toHaveLength(2);
  await town.later(31 * 24 * 60 * MINUTE_MS);
  expect(town.refs()).toEqual([]);
});

it("renews the text of a pull request whose part was done again, and leaves what people wrote around it", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a", "b"));
  await town.look();
  const pull = town.pullOf("a");
  expect(pull.body).toContain("accepted it, in run `wf-1`");
  pull.body = `Eve reads this.\n\n${pull.body}\n\nCloses nothing.`;
  town.pullOf("b").body = "All of it is mine.";
  town.push({ "a.js": "a of ada\n", "b.js": "b of ada\n" });
  await town.later();
  const texts = { a: { "a.js": "a of ada anew\n" }, b: { "b.js": "b of ada anew\n" } };
  await town.propose(texts);
  await town.later();
  expect(town.textOf("a.js", `refs/heads/${pull.head}`)).toBe("a of ada anew\n");
  expect(pull.body).toMatch(/^Eve reads this\.\n\n<!-- fanfold:migration=/u);
  expect(pull.body).toMatch(/<!-- fanfold:end -->\n\nCloses nothing\.$/u);
  expect(pull.body).toContain("accepted it, in run `wf-2`");
  expect(pull.body).not.toContain("wf-1");
  expect(town.pullOf("b").body).toBe("All of it is mine.");
  // Once: what somebody changes within it afterwards stays until it is done again.
  pull.body = pull.body.replace("Its tests are", "Our tests are");
  await town.later();
  expect(pull.body).toContain("Our tests are");
});
