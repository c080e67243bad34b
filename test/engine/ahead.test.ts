// What has arrived becomes durable while the script still hears of what came before; nothing else about the order changes.

import { expect, it } from "vitest";

import { Diverged } from "../../src/engine/errors.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import type { Sandbox } from "../../src/engine/sandbox.ts";
import { createWorld, endedKeys, turn, until } from "./world.ts";

const CALLS = 1_000;
const fanOut = `
  const seen = []
  await parallel(Array.from({ length: ${CALLS} }, (_, item) => async () => seen.push(await agent("item " + item))))
  return seen`;

/** A sandbox that is told nothing before `mayHear` resolves. */
async function openDeaf(mayHear: () => Promise<void>): Promise<Sandbox> {
  const sandbox = await openInProcessSandbox();
  return {
    ...sandbox,
    async deliver(answers, hear) {
      await mayHear();
      await sandbox.deliver(answers, hear);
    },
  };
}

it("does not wait for the script to hear of one batch before the next becomes durable", async () => {
  const world = createWorld();
  const isTwice = Promise.withResolvers<void>();
  const append = async (entries: readonly Entry[]): Promise<void> => {
    world.journal.push(...entries);
    const ended = world.journal.filter(({ kind }) => kind === "call-ended").length;
    if (ended === CALLS) isTwice.resolve();
    return await Promise.resolve();
  };
  const openSandbox = () => openDeaf(() => isTwice.promise);
  const seen = await world.run(fanOut, { append, openSandbox });
  expect(seen).toEqual(Array.from({ length: CALLS }, (_, item) => `item ${item}`));
});

it("delivers in the order of the journal all the same, and replays it so", async () => {
  const world = createWorld();
  const seen = await world.run(fanOut);
  const again = createWorld(() => Promise.reject(new Error("performed again")), world.journal);
  expect(await again.run(fanOut)).toEqual(seen);
  expect(again.performed).toEqual([]);
});

it("waits for what is being made durable when the script has returned meanwhile", async () => {
  const world = createWorld();
  const source = `
    const first = agent("first")
    for (let item = 0; item < ${CALLS}; item += 1) void agent("item " + item)
    return await first`;
  const disk = Promise.withResolvers<void>();
  let waiting = 0;
  const append = async (entries: readonly Entry[]): Promise<void> => {
    if (endedKeys(world.journal).length > 0) {
      waiting += 1;
      await disk.promise;
    }
    world.journal.push(...entries);
  };
  let isOver = false;
  const run = world.run(source, { append }).finally(() => (isOver = true));
  await until(() => waiting > 0);
  for (let count = 0; count < 50; count += 1) await turn();
  expect(isOver).toBe(false);
  disk.resolve();
  expect(await run).toBe("first");
  const ended = endedKeys(world.journal);
  expect([ended.length, new Set(ended).size]).toEqual([CALLS + 1, CALLS + 1]);
});

it("ends the run with the failure of what was made durable ahead", async () => {
  const world = createWorld();
  let appends = 0;
  const append = async (entries: readonly Entry[]): Promise<void> => {
    if (entries.some(({ kind }) => kind === "call-ended")) appends += 1;
    if (appends === 2) throw new Error("the disk is full");
    return await Promise.resolve();
  };
  await expect(world.run(fanOut, { append })).rejects.toThrow("the disk is full");
});

/** A sandbox that hands over the first calls of its first stretch and rests before it gives the others. */
async function openInParts(first: number, goOn: () => Promise<void>): Promise<Sandbox> {
  const sandbox = await openInProcessSandbox();
  return {
    ...sandbox,
    async start(program, hearPart) {
      const { did, state } = await sandbox.start(program);
      hearPart?.(did.slice(0, first));
      await goOn();
      return { did: did.slice(first), state };
    },
  };
}

it("begins what a script has asked while it still asks for more", async () => {
  const world = createWorld();
  const goOn = () => until(() => world.performed.length === 600);
  const seen = await world.run(fanOut, { openSandbox: () => openInParts(600, goOn) });
  expect(seen).toEqual(Array.from({ length: CALLS }, (_, item) => `item ${item}`));
  const again = createWorld(() => Promise.reject(new Error("performed again")), world.journal);
  expect(await again.run(fanOut)).toEqual(seen);
});

it("begins nothing in the middle of a stretch before the whole history was delivered", async () => {
  const world = createWorld();
  await world.run(fanOut);
  const other = `await agent("new"); ${fanOut.replace('"item "', '"other "')}`;
  const changed = createWorld(undefined, world.journal);
  const goOn = async () => {
    for (let count = 0; count < 50; count += 1) await turn();
  };
  const options = { openSandbox: () => openInParts(1, goOn) };
  await expect(changed.run(other, options)).rejects.toThrow(Diverged);
  expect(changed.performed).toEqual([]);
});
