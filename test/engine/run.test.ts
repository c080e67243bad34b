// The run loop: what would break if something happened in another order?

import { describe, expect, it } from "vitest";

import {
  Cancelled,
  Diverged,
  SandboxFault,
  ScriptError,
  StepFailed,
} from "../../src/engine/errors.ts";
import { Entry } from "../../src/engine/journal.ts";
import type { Sandbox } from "../../src/engine/sandbox.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import {
  createGates,
  createWorld,
  endedKeys,
  lost,
  ok,
  promptOf,
  turn,
  until,
  usageOf,
  type Perform,
} from "./world.ts";

const THREE = `const seen = []
  const ask = async (x) => { seen.push(await agent(x)) }
  await Promise.all(["a", "b", "c"].map(ask))
  return seen`;

describe("A run", () => {
  it("journals what it did in entries that the journal's own schema accepts", async () => {
    const world = createWorld();
    expect(await world.run(`phase("P"); return await agent("a", { label: "L" })`)).toBe("a");
    expect(world.journal.map((entry) => Entry.parse(entry))).toMatchObject([
      { kind: "call-started", step: "agent", label: "L", phase: "P" },
      { kind: "call-ended", step: "agent", outcome: { ok: true, value: "a" } },
    ]);
  });

  it("I3 names calls by what they ask and how often: label, phase and order play no part", async () => {
    const keysOf = async (source: string): Promise<string[]> => {
      const world = createWorld();
      await world.run(source);
      return world.performed;
    };
    const plain = await keysOf(
      `await agent("a", { model: "m", effort: "high" }); await agent("b")`,
    );
    const moved = await keysOf(
      `phase("X"); await agent("b"); await agent("a", { effort: "high", label: "L", model: "m" })`,
    );
    expect(moved.toSorted()).toEqual(plain.toSorted());
    const twice = await keysOf(`await agent("a"); await agent("a")`);
    expect(twice[0]).toMatch(/^[0-9a-f]{20}\.1$/);
    expect(twice[1]).toBe(`${twice[0]?.slice(0, 20)}.2`);
  });

  it("I2 gives outcomes that arrive together to the script in the order of arrival, and again so on replay", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const run = world.run(THREE);
    await until(() => world.performed.length === 3);
    for (const prompt of ["c", "a", "b"]) gates.open(prompt);
    expect(await run).toEqual(["c", "a", "b"]);
    const again = createWorld(() => Promise.reject(new Error("performed twice")), world.journal);
    expect(await again.run(THREE)).toEqual(["c", "a", "b"]);
    expect(again.appends).toEqual([]);
  });

  it("writes what arrived together in one append", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const run = world.run(THREE);
    await until(() => world.performed.length === 3);
    for (const prompt of ["a", "b", "c"]) gates.open(prompt);
    await run;
    expect(world.appends).toEqual([3, 3]);
  });

  it("I2 shows the script nothing that is not durable", async () => {
    const world = createWorld();
    const disk = Promise.withResolvers<void>();
    let writing = false;
    const run = world.run(`log(await agent("a"))`, {
      append: async (entries) => {
        if (!entries.some(({ kind }) => kind === "call-ended")) return;
        writing = true;
        await disk.promise;
      },
    });
    await until(() => writing);
    await turn();
    expect(world.events.filter(({ kind }) => kind === "logged")).toEqual([]);
    disk.resolve();
    await run;
    expect(world.events).toContainEqual({ kind: "logged", message: "a" });
  });

  it("runs settlements alone, in journal order, before their entries are written", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const run = world.run(THREE);
    await until(() => world.performed.length === 3);
    const trail: string[] = [];
    const settle = (prompt: string) => async () => {
      trail.push(`${prompt} begins, ${endedKeys(world.journal).length} durable`);
      await turn();
      trail.push(`${prompt} ends`);
      return ok(prompt);
    };
    gates.open("b", settle("b"));
    gates.open("a", settle("a"));
    await until(() => endedKeys(world.journal).length === 2);
    gates.open("c", settle("c"));
    expect(await run).toEqual(["b", "a", "c"]);
    expect(trail).toEqual([
      "b begins, 0 durable",
      "b ends",
      "a begins, 0 durable",
      "a ends",
      "c begins, 2 durable",
      "c ends",
    ]);
  });

  it("starts new calls while others are underway", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const run = world.run(
      `return await pipeline(["a", "b"], (x) => agent(x), (x) => agent(x + "2"))`,
    );
    await until(() => world.performed.length === 2);
    gates.open("a");
    await until(() => world.performed.length === 3);
    for (const prompt of ["a2", "b", "b2"]) gates.open(prompt);
    expect(await run).toEqual(["a2", "b2"]);
  });

  it("ends with the author's line when the script throws", async () => {
    const run = createWorld().run(`await agent("a")\nthrow new TypeError("mine")`);
    await expect(run).rejects.toMatchObject({ message: "TypeError: mine", at: { line: 2 } });
    await expect(run).rejects.toBeInstanceOf(ScriptError);
  });

  it("ends with a fault when the script hits a border", async () => {
    const run = createWorld().run(`await agent("a"); await new Promise(() => {})`);
    await expect(run).rejects.toMatchObject({ limit: "deadlock" });
  });

  it("P23 P38 refuses agents beyond the ceiling and beyond the token target, catchably", async () => {
    const world = createWorld(async (call) => ok(promptOf(call), 60));
    const source = `const asked = await parallel([1, 2, 3].map((n) => () => agent(n)))
      try { await agent("x") } catch (error) { return [asked, error.name, error.message] }`;
    const ceiling = { limits: { agents: 2, outputTokens: null } };
    expect(await world.run(source, ceiling)).toEqual([
      ["1", "2", null],
      "AgentLimitError",
      expect.stringContaining("may start 2 agents and has started 2"),
    ]);
    expect(world.performed).toHaveLength(2);
    const spent = createWorld(async (call) => ok(promptOf(call), 60));
    const budget = { limits: { agents: 10, outputTokens: 100 } };
    const spend = `await agent("a"); await agent("b")
      try { await agent("c") } catch (error) { return [error.name, budget.spent(), budget.remaining()] }`;
    expect(await spent.run(spend, budget)).toEqual(["BudgetSpent", 120, 0]);
    expect(spent.performed).toHaveLength(2);
  });

  it("keeps a refusal that the script heard of when someone raises the limit and resumes", async () => {
    const source = `let last = "none"
      for (const n of [1, 2, 3]) { try { last = await agent(n) } catch (error) { last = error.name } }
      return last`;
    const world = createWorld();
    expect(await world.run(source, { limits: { agents: 2, outputTokens: null } })).toBe(
      "AgentLimitError",
    );
    const again = createWorld(undefined, world.journal);
    expect(await again.run(source)).toBe("AgentLimitError");
    expect(again.performed).toEqual([]);
  });

  it("counts agents that a step asks for on the way, live and in a later process", async () => {
    const claimed: boolean[] = [];
    const perform: Perform = async (call, { claim }) => {
      if (promptOf(call) !== "more") return ok(promptOf(call));
      claimed.push(claim(2), claim(1));
      return { ...ok("more"), moreAgents: 2 };
    };
    const source = `const said = []
      for (const n of ["more", "b"]) { try { said.push(await agent(n)) } catch (error) { said.push(error.name) } }
      return said`;
    const limits = { agents: 3, outputTokens: null };
    const world = createWorld(perform);
    expect(await world.run(source, { limits })).toEqual(["more", "AgentLimitError"]);
    expect(claimed).toEqual([true, false]);
    const again = createWorld(perform, world.journal.slice(0, 2));
    expect(await again.run(source, { limits })).toEqual(["more", "AgentLimitError"]);
    expect(again.performed).toEqual([]);
  });

  it("counts the agents of earlier processes against the ceiling, but not the refused ones", async () => {
    const source = `const names = []
      for (const n of [1, 2, 3, 4]) { try { names.push(await agent(n)) } catch (error) { names.push(error.name) } }
      return names`;
    const world = createWorld();
    await world.run(source, { limits: { agents: 1, outputTokens: null } });
    // The first agent and the first refusal are known; of the two calls left, one may start.
    const again = createWorld(undefined, world.journal.slice(0, 3));
    const limits = { agents: 2, outputTokens: null };
    const names = ["1", "AgentLimitError", "3", "AgentLimitError"];
    expect(await again.run(source, { limits })).toEqual(names);
  });

  it("reads cheap steps again on replay, at their place, and journals only that place", async () => {
    const source = `const first = await repo.files("*"); const b = await agent("b"); return [first, b]`;
    const world = createWorld(async ({ step, input }) =>
      ok(step === "agent" ? "b" : [input["glob"] ?? null]),
    );
    expect(await world.run(source)).toEqual([["*"], "b"]);
    expect(world.journal).toMatchObject([
      { kind: "call-ended", step: "repo.files", outcome: null },
      { kind: "call-started", step: "agent" },
      { kind: "call-ended", step: "agent" },
    ]);
    const again = createWorld(async ({ input }) => ok([input["glob"] ?? null]), world.journal);
    expect(await again.run(source)).toEqual([["*"], "b"]);
    expect(again.performed).toEqual([world.performed[0]]);
  });

  it("counts usage once: a replayed outcome is told as replayed", async () => {
    const world = createWorld(async (call) => ok(promptOf(call), 5));
    await world.run(`return await agent("a")`);
    const again = createWorld(undefined, world.journal);
    await again.run(`await agent("a"); return budget.spent()`);
    const ended = [...world.events, ...again.events].filter(({ kind }) => kind === "call-ended");
    expect(ended).toMatchObject([
      { replayed: false, usage: { outputTokens: 5 } },
      { replayed: true, usage: { outputTokens: 5 } },
    ]);
  });
});

describe("A run that ends badly", () => {
  it("I5 keeps a failure of ours away from the script, and closes everything", async () => {
    let closed = 0;
    const openSandbox = async (): Promise<Sandbox> => {
      const sandbox = await openInProcessSandbox();
      const close = async (): Promise<void> => void (closed += 1);
      return { ...sandbox, [Symbol.asyncDispose]: close };
    };
    const world = createWorld(() => Promise.reject(new Error("the disk is full")));
    const run = world.run(`try { await agent("a") } catch { return "swallowed" }`, { openSandbox });
    await expect(run).rejects.toThrow("the disk is full");
    expect([closed, endedKeys(world.journal)]).toEqual([1, []]);
  });

  it("gives the script a StepFailed to catch, whether thrown by the work or by its settlement", async () => {
    const refused = new StepFailed("there is no such change");
    const source = `try { await agent("a") } catch (error) { return [error.name, error.message] }`;
    for (const perform of [
      () => Promise.reject(refused),
      async () => () => Promise.reject(refused),
    ]) {
      const world = createWorld(perform);
      expect(await world.run(source)).toEqual(["StepFailed", "there is no such change"]);
      const again = createWorld(undefined, world.journal);
      expect(await again.run(source)).toEqual(["StepFailed", "there is no such change"]);
      expect(again.performed).toEqual([]);
    }
  });

  it("ends when the journal cannot be written, even if only a start was to be written", async () => {
    const run = createWorld(createGates().perform).run(`await agent("a")`, {
      append: () => Promise.reject(new Error("no space")),
    });
    await expect(run).rejects.toThrow("no space");
  });

  it("delivers nothing when the outcome could not be written", async () => {
    const world = createWorld();
    const run = world.run(`log(await agent("a"))`, {
      append: async (entries) => {
        if (entries.some(({ kind }) => kind === "call-ended")) throw new Error("no space");
      },
    });
    await expect(run).rejects.toThrow("no space");
    expect(world.events.filter(({ kind }) => kind === "logged")).toEqual([]);
  });

  it("ends as cancelled, aborts what is underway and waits for it", async () => {
    const cancel = new AbortController();
    let ended = 0;
    const world = createWorld(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await turn();
      ended += 1;
      throw signal.reason;
    });
    const run = world.run(
      `try { await parallel([() => agent(1), () => agent(2)]) } catch { return 1 }`,
      {
        signal: cancel.signal,
      },
    );
    await until(() => world.performed.length === 2);
    cancel.abort();
    await expect(run).rejects.toBeInstanceOf(Cancelled);
    expect(ended).toBe(2);
    expect(endedKeys(world.journal)).toEqual([]);
    await expect(world.run("return 1", { signal: cancel.signal })).rejects.toBeInstanceOf(
      Cancelled,
    );
  });

  it("aborts calls the script did not wait for, and keeps what they cost", async () => {
    const world = createWorld(async (call, { signal }) => {
      if (promptOf(call) === "fast") return ok("fast");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { outcome: lost, usage: usageOf(9) };
    });
    const source = `return await Promise.race([agent("slow"), agent("fast")])`;
    expect(await world.run(source)).toBe("fast");
    expect(endedKeys(world.journal)).toHaveLength(2);
    expect(world.events.at(-1)).toMatchObject({ kind: "call-ended", usage: { outputTokens: 9 } });
    const again = createWorld(() => Promise.reject(new Error("performed twice")), world.journal);
    expect(await again.run(source)).toBe("fast");
  });

  it("I3 says Diverged when the script asks something else than its journal, and performs nothing", async () => {
    const world = createWorld();
    await world.run(`await agent("a"); await agent("b")`);
    for (const source of [
      `await agent("a"); await agent("c")`,
      `return await agent("a")`,
      `return 1`,
      `await agent("z"); await agent("a"); await agent("b")`,
      `await agent("a"); throw new Error("own")`,
    ]) {
      const again = createWorld(undefined, world.journal);
      await expect(again.run(source)).rejects.toBeInstanceOf(Diverged);
      expect([again.performed, again.appends]).toEqual([[], []]);
    }
  });

  it("I2 says Diverged when the journal had two writers", async () => {
    const world = createWorld();
    await world.run(`await agent("a")`);
    const again = createWorld(undefined, [...world.journal, ...world.journal.slice(-1)]);
    await expect(again.run(`await agent("a")`)).rejects.toThrow("two processes");
  });

  it("ends as a crash when the sandbox asks for a step there is not", async () => {
    const run = createWorld().run(`await change("a")`);
    await expect(run).rejects.toBeInstanceOf(SandboxFault);
    await expect(run).rejects.toThrow("step there is not: change");
  });

  it("ends as a fault that can be resumed when the sandbox's process is killed", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const source = `const a = await agent("a"); return [a, await agent("b")]`;
    const sandboxes: Sandbox[] = [];
    const openSandbox = async (): Promise<Sandbox> => {
      const sandbox = await openChildSandbox();
      sandboxes.push(sandbox);
      return sandbox;
    };
    const run = world.run(source, { openSandbox });
    gates.open("a");
    await until(() => world.performed.length === 2);
    await sandboxes[0]?.[Symbol.asyncDispose]();
    gates.open("b");
    await expect(run).rejects.toMatchObject({ limit: "crash" });
    const again = createWorld(undefined, world.journal);
    expect(await again.run(source)).toEqual(["a", "b"]);
  });
});
