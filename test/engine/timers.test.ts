// Timers: calls like any other, so that a run that is taken up again wakes up in the same order.

import { describe, expect, it } from "vitest";

import type { Json } from "../../src/engine/json.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { createGates, createWorld, type Perform, until, type World } from "./world.ts";

/** A clock that stands still until every timer that is asked for is known, then jumps to the next one. */
function createTime(startMs = 0) {
  let nowMs = startMs;
  const sleeping = new Map<PromiseWithResolvers<void>, number>();
  const slept: number[] = [];
  return {
    slept,
    sleeping,
    now: () => nowMs,
    sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
      const timer = Promise.withResolvers<void>();
      sleeping.set(timer, nowMs + ms);
      slept.push(ms);
      const stop = (): void => timer.reject(signal.reason);
      signal.addEventListener("abort", stop);
      await timer.promise.finally(() => sleeping.delete(timer));
    },
    jump: (): void => {
      const [next] = [...sleeping].toSorted(([, a], [, b]) => a - b);
      if (next === undefined) return;
      nowMs = next[1];
      next[0].resolve();
    },
  };
}

async function letTimePass(time: ReturnType<typeof createTime>, run: Promise<Json>): Promise<Json> {
  let over = false;
  const end = run.finally(() => (over = true));
  end.catch(() => {});
  await until(() => {
    time.jump();
    return over;
  });
  return await end;
}

/** Work that ends only with the run. */
const never: Perform = createGates().perform;

async function runIn(world: World, source: string): Promise<Json> {
  const time = createTime();
  return await letTimePass(time, world.run(source, { now: time.now, sleep: time.sleep }));
}

describe("Timers", () => {
  it("P09 wakes a script up in the order of the times, with the values it was given", async () => {
    const source = `const seen = []
      const after = (ms, name) => new Promise((resolve) => setTimeout((value) => resolve(seen.push(value)), ms, name))
      await Promise.all([after(300, "c"), after(100, "a"), after(200, "b")])
      return seen`;
    const world = createWorld(never);
    expect(await runIn(world, source)).toEqual(["a", "b", "c"]);
    const again = createWorld(never, world.journal);
    const sleep = () => Promise.reject(new Error("waited again"));
    expect(await again.run(source, { sleep })).toEqual(["a", "b", "c"]);
    expect(again.appends).toEqual([]);
  });

  it("P09 clears a timer: it never fires, and nothing waits for it", async () => {
    const source = `const seen = []
      const timer = setTimeout(() => seen.push("fired"), 10)
      await new Promise((resolve) => setTimeout(resolve, 5))
      clearTimeout(timer); clearTimeout(timer); clearTimeout(undefined); clearTimeout(99)
      await new Promise((resolve) => setTimeout(resolve, 50))
      return [timer > 0, seen]`;
    const world = createWorld(never);
    expect(await runIn(world, source)).toEqual([true, []]);
    const again = createWorld(never, world.journal);
    expect(await again.run(source)).toEqual([true, []]);
  });

  it("P09 reports a script that waits for a timer it has cleared", async () => {
    const source = `await new Promise((resolve) => clearTimeout(setTimeout(resolve, 10)))`;
    await expect(createWorld(never).run(source)).rejects.toMatchObject({ limit: "deadlock" });
  });

  it("P09 keeps the order on replay when a timer had fired before the script took it back", async () => {
    const time = createTime();
    const source = `const seen = []
      const late = setTimeout(() => seen.push("late"), 10)
      await agent("a"); clearTimeout(late)
      await agent("b"); return seen`;
    const gate = Promise.withResolvers<void>();
    const world = createWorld(async () => {
      await gate.promise;
      return { outcome: { ok: true, value: null } };
    });
    // Both arrive together: the journal holds the timer's outcome, and the script takes it back before it is told.
    const run = world.run(source, { now: time.now, sleep: time.sleep });
    await until(() => time.sleeping.size === 1 && world.performed.length === 1);
    gate.resolve();
    time.jump();
    expect(await run).toEqual([]);
    const again = createWorld(never, world.journal);
    expect(await again.run(source)).toEqual([]);
  });

  it("P09 lets a timer that was under way at a crash wake up when it would have", async () => {
    const time = createTime(1_000);
    const source = `await new Promise((resolve) => setTimeout(resolve, 500)); return "woke"`;
    const world = createWorld(never);
    const cancel = new AbortController();
    const clock = { now: time.now, sleep: time.sleep };
    const dying = world.run(source, { ...clock, signal: cancel.signal });
    await until(() => time.sleeping.size === 1);
    cancel.abort();
    await expect(dying).rejects.toThrow("cancelled");
    const later = createTime(1_300);
    const again = createWorld(never, world.journal);
    const run = again.run(source, { now: later.now, sleep: later.sleep });
    expect(await letTimePass(later, run)).toBe("woke");
    // Behind it only the time that calls have at the end of a run.
    expect(later.slept[0]).toBe(200);
  });

  it("P09 stops timers with the run", async () => {
    const time = createTime();
    const source = `setTimeout(() => log("late"), 10); return 1`;
    const world = createWorld(never);
    expect(await world.run(source, { now: time.now, sleep: time.sleep })).toBe(1);
    expect(time.sleeping.size).toBe(0);
    expect(world.events.some(({ kind }) => kind === "logged")).toBe(false);
  });

  it("P09 ends the run with what a callback threw, at its line", async () => {
    const source = `setTimeout(() => {\n  null.field\n}, 5)\nawait agent("a")`;
    const run = runIn(createWorld(never), source);
    await expect(run).rejects.toMatchObject({ name: "ScriptError", at: { line: 2 } });
  });

  it.each([
    ["a callback that is no function", `setTimeout("log(1)", 5)`, "takes a function, got string"],
    ["a wait of more than a day", `setTimeout(() => {}, 86_400_001)`, "at most 86400000 ms"],
    ["a flood", `for (;;) setTimeout(() => {}, 1)`, "At most 1000 timers run at once"],
  ])("P09 refuses %s", async (_, source, message) => {
    await expect(createWorld(never).run(source)).rejects.toThrow(message);
  });

  it("P09 has timers in the child process too", async () => {
    const source = `const first = await Promise.race([agent("a"), new Promise((resolve) => setTimeout(resolve, 1, "timer"))]); return first`;
    const run = createWorld(never).run(source, { openSandbox: () => openChildSandbox() });
    expect(await run).toBe("timer");
  });
});
