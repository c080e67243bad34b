// A run that waits for people, or must stop early: what is underway ends first, and nothing of it is lost.

import { describe, expect, it } from "vitest";

import { Stopped, Suspended } from "../../src/engine/errors.ts";
import { createGates, createWorld, endedKeys, ok, type Perform, promptOf, until } from "./world.ts";

const BOTH = `return await parallel([() => agent("ask"), () => agent("work")])`;

describe("a call that waits for the outside", () => {
  it("stops the run once nothing else moves, with everything else in the journal", async () => {
    const gates = createGates();
    const world = createWorld((call, context) =>
      promptOf(call) === "ask"
        ? context.parked(new Promise(() => {}))
        : gates.perform(call, context),
    );
    const running = world.run(BOTH);
    const stopped = running.catch((error: unknown) => error);
    await until(() => world.performed.length === 2);
    gates.open("work");
    expect(await stopped).toBeInstanceOf(Suspended);
    expect(endedKeys(world.journal)).toHaveLength(1);
  });

  it("is answered in the same run when the answer comes while something else moves", async () => {
    const gates = createGates();
    const answer = Promise.withResolvers<string>();
    const world = createWorld(async (call, context) =>
      promptOf(call) === "ask"
        ? ok(await context.parked(answer.promise))
        : gates.perform(call, context),
    );
    const running = world.run(BOTH);
    await until(() => world.performed.length === 2);
    answer.resolve("yes");
    await until(() => endedKeys(world.journal).length === 1);
    gates.open("work");
    expect(await running).toEqual(["yes", "work"]);
  });

  it("is asked again, and only it, when the run is run again", async () => {
    let answer: string | null = null;
    const world = createWorld(async (call, context) => {
      if (promptOf(call) !== "ask") return ok(promptOf(call));
      return ok(answer ?? (await context.parked(new Promise<string>(() => {}))));
    });
    const script = `const [a] = ${BOTH.slice("return ".length)}\nreturn a + await agent("after")`;
    await expect(world.run(script)).rejects.toThrow(Suspended);
    answer = "yes, ";
    expect(await world.run(script)).toBe("yes, after");
    expect(world.performed).toHaveLength(4);
  });

  it("does not hold up a script that returns without it", async () => {
    const world = createWorld(async (call, context) =>
      promptOf(call) === "ask"
        ? await context.parked(new Promise<never>(() => {}))
        : ok(promptOf(call)),
    );
    expect(await world.run(`return await Promise.race([agent("ask"), agent("work")])`)).toBe(
      "work",
    );
  });
});

describe("a call that must stop the run", () => {
  class CapReached extends Stopped {}
  const stopping: (other: Perform) => Perform = (other) => async (call, context) => {
    if (promptOf(call) === "ask") throw new CapReached("No more.");
    return other(call, context);
  };

  it("gives the script nothing to catch", async () => {
    const world = createWorld(stopping(async (call) => ok(promptOf(call))));
    const running = world.run(`try { await agent("ask") } catch { return "caught" }`);
    await expect(running).rejects.toThrow(CapReached);
  });

  it("keeps what comes to its end after it", async () => {
    const gates = createGates();
    const world = createWorld(stopping(gates.perform));
    const stopped = world.run(BOTH).catch((error: unknown) => error);
    await until(() => world.performed.length === 2);
    gates.open("work");
    expect(await stopped).toBeInstanceOf(CapReached);
    expect(endedKeys(world.journal)).toHaveLength(1);
  });

  it("comes before a call that waits", async () => {
    const world = createWorld(async (call, context) => {
      if (promptOf(call) === "ask") throw new CapReached("No more.");
      return await context.parked(new Promise<never>(() => {}));
    });
    await expect(world.run(BOTH)).rejects.toThrow(CapReached);
  });
});
