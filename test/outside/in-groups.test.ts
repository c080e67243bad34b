// Group commit: many who wait share one write, and none of them hears of it before it is done.

import { expect, it } from "vitest";

import { inGroups } from "../../src/outside/in-groups.ts";

/** A writer whose writes end when the test says so. */
function heldWriter() {
  const writes: { items: readonly string[]; end: PromiseWithResolvers<void> }[] = [];
  const add = inGroups((items: readonly string[]) => {
    const end = Promise.withResolvers<void>();
    writes.push({ items, end });
    return end.promise;
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { writes, add, settle };
}

it("writes what came meanwhile together, in its order, and tells nobody earlier", async () => {
  const { writes, add, settle } = heldWriter();
  const told: string[] = [];
  const say = (item: string) => void add(item).then(() => told.push(item));
  say("a");
  await settle();
  say("b");
  say("c");
  await settle();
  expect(writes.map(({ items }) => items)).toEqual([["a"]]);
  writes[0]?.end.resolve();
  await settle();
  expect(told).toEqual(["a"]);
  expect(writes.map(({ items }) => items)).toEqual([["a"], ["b", "c"]]);
  writes[1]?.end.resolve();
  await settle();
  expect(told).toEqual(["a", "b", "c"]);
});

it("lets a write that fails fail for its own group only", async () => {
  const { writes, add, settle } = heldWriter();
  const first = Promise.allSettled([add("a"), add("b")]);
  await settle();
  const second = add("c");
  writes[0]?.end.reject(new Error("The disk is full."));
  expect((await first).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await settle();
  writes[1]?.end.resolve();
  await expect(second).resolves.toBeUndefined();
});
