// Refs of parts: kept from the first look, cleared away at the end, by as many pushes as the repository wants.

import { expect, it } from "vitest";

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
