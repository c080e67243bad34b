// Whatever a script looks like, in whatever order work ends and wherever the process dies: resuming gives the same.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Settlement } from "../../src/engine/call.ts";
import type { Entry } from "../../src/engine/journal.ts";
import type { Json } from "../../src/engine/json.ts";
import { createWorld, endedKeys, lost, ok, type Perform, promptOf, type World } from "./world.ts";

/** The shape of a script: what asks, and how the askings hang together. */
type Shape =
  | { kind: "ask"; name: number; fails: boolean }
  | { kind: "read"; name: number }
  | { kind: "sequence" | "parallel" | "race"; parts: Shape[] }
  | { kind: "pipeline"; items: number; parts: Shape[] };

const { shape } = fc.letrec<{ shape: Shape; leaf: Shape; parts: Shape[] }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ kind: fc.constant("ask" as const), name: fc.nat(4), fails: fc.boolean() }),
    fc.record({ kind: fc.constant("read" as const), name: fc.nat(2) }),
  ),
  parts: fc.array(tie("shape"), { minLength: 1, maxLength: 3 }),
  shape: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.record({
      kind: fc.constantFrom("sequence" as const, "parallel" as const, "race" as const),
      parts: tie("parts"),
    }),
    fc.record({
      kind: fc.constant("pipeline" as const),
      items: fc.integer({ min: 1, max: 3 }),
      parts: tie("parts"),
    }),
  ),
}));

// Every expression notes what it saw when it saw it: the order is part of the result.
function expression(shape: Shape): string {
  switch (shape.kind) {
    case "ask":
      return `see(() => agent("${shape.fails ? "bad" : "good"} ${shape.name}"))`;
    case "read":
      return `see(() => repo.files("${shape.name}"))`;
    case "sequence":
      return `(async () => [${shape.parts.map((part) => `await ${expression(part)}`).join(", ")}])()`;
    case "parallel":
      return `parallel([${shape.parts.map((part) => `() => ${expression(part)}`).join(", ")}])`;
    case "race":
      return `Promise.race([${shape.parts.map(expression).join(", ")}])`;
    case "pipeline":
      return `pipeline([...Array(${shape.items}).keys()], ${shape.parts.map((part) => `() => ${expression(part)}`).join(", ")})`;
  }
}

const script = (shape: Shape): string => `
  const seen = []
  const see = async (ask) => {
    let answer
    try { answer = await ask() } catch (error) { answer = error.message }
    seen.push(answer)
    return answer
  }
  return { value: await ${expression(shape)}, seen }`;

/** Work that ends in an order drawn from `order`, a few turns after it began. */
function shuffled(order: readonly number[]): Perform {
  const underway: (() => void)[] = [];
  let next = 0;
  function endOne(): void {
    const draw = order[next % order.length] ?? 0;
    next += 1;
    const [end] = underway.splice(draw % underway.length, 1);
    end?.();
  }
  return (call) =>
    new Promise<Settlement>((resolve) => {
      const prompt = promptOf(call);
      const performed = prompt.startsWith("bad")
        ? { outcome: lost }
        : ok(`${prompt} ${call.key}`, 3);
      const settlement = call.key.charCodeAt(0) % 2 === 0 ? performed : async () => performed;
      underway.push(() => resolve(call.step === "agent" ? settlement : ok([1])));
      setImmediate(endOne);
    });
}

const order = fc.array(fc.nat(20), { minLength: 1, maxLength: 12 });
const never: Perform = (call) =>
  call.step === "agent" ? Promise.reject(new Error(`${call.key} again`)) : Promise.resolve(ok([1]));

const logged = ({ events }: World): Json[] =>
  events.flatMap((event) => (event.kind === "logged" ? [event.message] : []));

describe("Resuming", { timeout: 60_000 }, () => {
  it("I2 replays to the same result, the same order and the same log, and performs nothing", async () => {
    await fc.assert(
      fc.asyncProperty(shape, order, async (shape, order) => {
        const live = createWorld(shuffled(order));
        const result = await live.run(script(shape));
        const replay = createWorld(never, live.journal);
        expect(await replay.run(script(shape))).toEqual(result);
        expect(logged(replay)).toEqual(logged(live));
        expect(replay.appends).toEqual([]);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it("I4 goes on after a crash behind every entry: what was seen stays, nothing ended is done again", async () => {
    await fc.assert(
      fc.asyncProperty(shape, order, order, async (shape, order, later) => {
        const live = createWorld(shuffled(order));
        await live.run(script(shape));
        for (let length = 0; length < live.journal.length; length += 1) {
          await crashAfter(live.journal.slice(0, length), script(shape), shuffled(later));
        }
      }),
      { numRuns: 5, seed: 11 },
    );
  });

  it("gives the same final value after a crash behind every entry when order does not matter", async () => {
    const source = `
      const files = await repo.files("*")
      const found = await pipeline([1, 2, 3, 4], (n) => agent("good " + n), (x, n) => n % 2 ? agent("bad " + n) : agent(x))
      const again = await parallel([() => agent("good 1"), () => agent("good 1"), () => agent("bad 9")])
      return { files, found, again }`;
    const live = createWorld(shuffled([5, 3, 8, 1]));
    const value = await live.run(source);
    for (let length = 0; length <= live.journal.length; length += 1) {
      const prefix = live.journal.slice(0, length);
      expect(await crashAfter(prefix, source, shuffled([2, 9, 4]))).toEqual(value);
    }
  });

  it("survives a second and a third crash on the way", async () => {
    const source = `return await parallel([1, 2, 3, 4, 5, 6].map((n) => () => agent("good " + n)))`;
    const whole = createWorld(shuffled([0]));
    const value = await whole.run(source);
    let journal: Entry[] = [];
    for (const kept of [8, 10, 11]) {
      const world = createWorld(shuffled([kept]), journal);
      await world.run(source);
      journal = world.journal.slice(0, kept);
    }
    const last = createWorld(shuffled([3]), journal);
    expect(await last.run(source)).toEqual(value);
    expect(new Set(endedKeys(last.journal)).size).toBe(6);
    const started = last.journal.filter(({ kind }) => kind === "call-started");
    expect(started).toHaveLength(6);
  });
});

async function crashAfter(prefix: Entry[], source: string, perform: Perform): Promise<Json> {
  const resumed = createWorld(perform, prefix);
  const value = await resumed.run(source);
  const recorded = new Set(
    prefix.flatMap((entry) =>
      entry.kind === "call-ended" && entry.outcome !== null ? [entry.key] : [],
    ),
  );
  expect(resumed.performed.filter((key) => recorded.has(key))).toEqual([]);
  expect(new Set(resumed.performed).size).toBe(resumed.performed.length);
  expect(resumed.journal.slice(0, prefix.length)).toEqual(prefix);
  expect(new Set(endedKeys(resumed.journal)).size).toBe(endedKeys(resumed.journal).length);
  const again = createWorld(never, resumed.journal);
  expect(await again.run(source)).toEqual(value);
  return value;
}
