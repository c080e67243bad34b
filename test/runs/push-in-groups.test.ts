// Pushes are counted, those that fail as well, and more refs than one push may move go in several.

import { expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import type { Mirror } from "../../src/repo/contract.ts";
import { REFS_PER_PUSH_MAX, RemoteError, type RefUpdate } from "../../src/repo/remote.ts";
import { openPacer } from "../../src/runs/pacer.ts";
import { pushInGroups } from "../../src/runs/push-in-groups.ts";

const oid = "1".repeat(40);
const update = (n: number): RefUpdate => ({ ref: `refs/heads/b${n}`, from: null, to: oid });

function open(push: Mirror["push"]) {
  const clock = createManualClock();
  const pacer = openPacer(clock);
  const signal = new AbortController().signal;
  const onWait = () => () => undefined;
  const onMoved = () => undefined;
  const policy = { refsPerPush: null };
  const world = { mirror: { push }, clock, pacer, policy, onWait, onMoved };
  return {
    clock,
    run: async (updates: readonly RefUpdate[]) => {
      await pacer.turn(signal);
      return await clock.during(pushInGroups(world, updates, signal), 2_000);
    },
  };
}

it("a push that failed is tried again in its turn, so that there are never more than five in a minute", async () => {
  const at: number[] = [];
  const { clock, run } = open(async () => {
    at.push(clock.now());
    if (at.length < 7) throw new RemoteError("! main (failed)", { transient: true });
    return { kind: "pushed" };
  });
  expect(await run([update(1)])).toBe(true);
  expect(at).toHaveLength(7);
  const apart = (places: number) => at.slice(places).map((ms, n) => ms - (at[n] ?? 0));
  expect(Math.min(...apart(1))).toBeGreaterThanOrEqual(10_000);
  expect(Math.min(...apart(5))).toBeGreaterThanOrEqual(60_000);
});

it("more refs than fit go in several pushes, the last one last", async () => {
  const pushed: (readonly RefUpdate[])[] = [];
  const { run } = open(async (updates) => {
    pushed.push(updates);
    return { kind: "pushed" };
  });
  const updates = Array.from({ length: REFS_PER_PUSH_MAX + 1 }, (_, n) => update(n));
  expect(await run(updates)).toBe(true);
  expect(pushed.map(({ length }) => length)).toEqual([REFS_PER_PUSH_MAX, 1]);
  expect(pushed.flat()).toEqual(updates);
});
