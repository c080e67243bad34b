// Refs of parts: kept from the first look, cleared away at the end, by as many pushes as the repository wants.

import { expect, it } from "vitest";

import { type RefUpdate, RemoteError } from "../../src/repo/remote.ts";
import { openTown } from "./town.ts";

const FILES = { "a.js": "a\n", "b.js": "b\n", "c.js": "c\n", "d.js": "d\n" };
const done = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { [`${name}.js`]: `${name} anew\n` }]));

/** Pushes wait for their turn: time has to run. */
const SPEED = 2_000;

it("goes on where the repository limits the refs of a push, with small pushes in their turn", async () => {
  const town = openTown({ files: FILES });
  town.hub.refsPerPush = 2;
  await town.propose(done("a", "b", "c", "d"));
  const began = town.clock.now();
  await town.look(SPEED);
  expect(town.issue()).toContain("**0 of 4 merged · 4 open**");
  expect(town.refs()).toHaveLength(8);
  expect(town.clock.now() - began).toBeGreaterThanOrEqual(10_000);
  // Another process learns it from what it clears away.
  town.restart();
  for (const name of ["a", "b", "c", "d"]) await town.merge(name, "squash");
  await town.later(undefined, SPEED);
  expect(town.refs()).toEqual([]);
});

/** Calls `meanwhile` once, in the moment before refs are deleted. */
function beforeClearing({ hub }: ReturnType<typeof openTown>, meanwhile: () => void): void {
  const push = hub.push.bind(hub);
  hub.push = (from, updates: readonly RefUpdate[], by) => {
    if (updates.some(({ to }) => to === null)) {
      hub.push = push;
      meanwhile();
    }
    return push(from, updates, by);
  };
}

it("clears away at the next look what could not be, since somebody moved one of the refs in this very moment", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a", "b"));
  await town.look();
  await town.merge("a", "squash");
  await town.merge("b", "squash");
  const { head } = town.pullOf("a");
  beforeClearing(town, () => town.push({ "a.js": "a by ada\n" }, head));
  await town.later();
  expect(town.refs()).toHaveLength(4);
  expect((await town.shards()).map(({ isCleared }) => isCleared)).toEqual([false, false]);
  expect(town.issue()).toContain("**Done**: nothing is left to decide.");
  await town.later();
  expect(town.refs()).toEqual([`refs/heads/${head}`]);
  expect((await town.shards()).map(({ isCleared }) => isCleared)).toEqual([true, true]);
});

it("tries again within hours where the repository refuses to have refs deleted, and looks after the rest meanwhile", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a", "b"));
  await town.look();
  await town.merge("a", "squash");
  await town.merge("b", "squash");
  beforeClearing(town, () => {
    throw new RemoteError("Deletions are restricted.", { transient: false });
  });
  await town.hours(2);
  expect(town.refs()).toHaveLength(4);
  expect(town.issue()).toContain("**Done**: nothing is left to decide.");
  await town.hours(6);
  expect(town.refs()).toEqual([]);
});
