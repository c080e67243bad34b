// Rows of the dialect about a run under way: what people see, what a resume replays, who may end it.

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { Cancelled } from "../../src/engine/errors.ts";
import { Entry } from "../../src/engine/journal.ts";
import { applyEvent, agentsIn, openView, phaseRows } from "../../src/runs/view.ts";
import { parseArgs } from "../../src/script/args.ts";
import { checkScript } from "../../src/script/check.ts";
import { scriptFunctions } from "../../src/script/language.ts";
import { createGates, createWorld, endedKeys, ok, promptOf, until } from "../engine/world.ts";

const usage = {
  inputTokens: 9,
  outputTokens: 3,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 1,
};
const call = { key: "k.1", step: "agent", label: "one", phase: "Own", replayed: false };

describe("The dialect, while a run is under way:", () => {
  it("D1 null flows on through a pipeline, and only a throw ends an item", async () => {
    const world = createWorld(async () => ok(null));
    const source = `return await pipeline(["a", "b"],
      (x) => { if (x === "b") throw new Error("own"); return agent(x) },
      (previous) => "saw " + previous)`;
    expect(await world.run(source)).toEqual(["saw null", null]);
  });

  it("D5 args that are the text of an object or array are parsed once, and nothing else is", () => {
    const args = (text: string) => parseArgs(text).args;
    expect([args('{"a":1}'), args("[1]")]).toEqual([{ a: 1 }, [1]]);
    expect([args("plain"), args('"{}"'), args("5"), args("{broken")]).toEqual([
      "plain",
      '"{}"',
      "5",
      "{broken",
    ]);
  });

  it("P04 a phase without an entry in meta gets its own group", () => {
    const view = openView(["Declared"]);
    applyEvent(view, { kind: "call-started", ...call });
    const agent = { key: "k.1", agent: "0" };
    applyEvent(view, { kind: "agent-started", ...agent, role: "worker", label: "one" });
    expect(phaseRows(view)).toMatchObject([
      { title: "Declared", agents: 0 },
      { title: "Own", agents: 1 },
    ]);
  });

  it("P40 agents keep nothing in mind: the second of two equal calls is a call of its own", async () => {
    const world = createWorld();
    await world.run(`await agent("a"); await agent("a")`);
    expect(new Set(world.performed).size).toBe(2);
  });

  it("P55 no function of a script publishes, approves or merges", () => {
    const names = scriptFunctions.map(({ name }) => name).join(" ");
    expect(names).not.toMatch(/publish|push|merge|token|exec|shell/i);
  });

  it("P65 progress shows the agents of each phase, with their turns and what they cost", () => {
    const view = openView([]);
    applyEvent(view, { kind: "call-started", ...call });
    const agent = { key: "k.1", agent: "0" };
    applyEvent(view, { kind: "agent-started", ...agent, role: "worker", label: "one" });
    applyEvent(view, { kind: "agent-turned", ...agent, turns: 2, usage });
    expect(agentsIn(view)).toMatchObject([{ label: "one", role: "worker", turns: 2, usage }]);
    expect(phaseRows(view)).toEqual([{ title: "Own", agents: 1, done: 0, failed: 0 }]);
  });

  it("P66 an agent is running, then done or failed with its reason", () => {
    const view = openView([]);
    applyEvent(view, { kind: "call-started", ...call });
    for (const agent of ["0", "1"]) {
      const who = { key: "k.1", agent };
      applyEvent(view, { kind: "agent-started", ...who, role: "worker", label: agent });
      expect(agentsIn(view)[Number(agent)]?.state).toBe("running");
      const reason = agent === "0" ? null : "lost";
      applyEvent(view, { kind: "agent-ended", ...who, ok: agent === "0", reason, usage });
    }
    expect(agentsIn(view)).toMatchObject([{ state: "done" }, { state: "failed", reason: "lost" }]);
  });

  it("P67 stopping the run fails nobody: no call under way gets an outcome", async () => {
    const cancel = new AbortController();
    const world = createWorld(createGates().perform);
    const source = `await parallel([() => agent(1), () => agent(2)])`;
    const run = world.run(source, { signal: cancel.signal });
    await until(() => world.performed.length === 2);
    cancel.abort();
    await expect(run).rejects.toBeInstanceOf(Cancelled);
    expect(endedKeys(world.journal)).toEqual([]);
    expect(world.events.filter(({ kind }) => kind === "call-ended")).toEqual([]);
  });

  it("P70 the journal is lines that the schema accepts, and a resume only adds to it", async () => {
    const source = `await agent("a"); await agent("b")`;
    const world = createWorld();
    await world.run(source);
    const lines = world.journal.map((entry) => JSON.stringify(entry));
    const kept = lines.slice(0, 2).map((line) => Entry.parse(JSON.parse(line)));
    const again = createWorld(undefined, kept);
    await again.run(source);
    expect(again.journal.slice(0, 2)).toEqual(kept);
    expect(endedKeys(again.journal)).toEqual(endedKeys(world.journal));
  });

  it("P72 a rerun replays every call that still matches, also behind one that was edited", async () => {
    const world = createWorld();
    await world.run(`await agent("a"); await agent("b"); await agent("c")`);
    const again = createWorld();
    const source = `await agent("a"); await agent("edited"); await agent("c")`;
    await again.run(source, { reuse: world.journal });
    expect(again.performed).toHaveLength(1);
  });

  it("P73 a race in a fan-out comes out the same on replay", async () => {
    const gates = createGates();
    const world = createWorld(gates.perform);
    const source = `const seen = []
      await parallel(["a", "b", "c"].map((x) => async () => seen.push(await agent(x))))
      return seen`;
    const run = world.run(source);
    await until(() => world.performed.length === 3);
    for (const prompt of ["c", "a", "b"]) gates.open(prompt);
    expect(await run).toEqual(["c", "a", "b"]);
    const again = createWorld(undefined, world.journal);
    expect(await again.run(source)).toEqual(["c", "a", "b"]);
    expect(again.performed).toEqual([]);
  });

  it("P76 a script has no way to ask a person in the middle but the language's own", async () => {
    const names = ["prompt", "confirm", "alert", "readline", "input"];
    const types = names.map((name) => `typeof ${name}`).join(", ");
    expect(await createWorld().run(`return [${types}]`)).toEqual(names.map(() => "undefined"));
  });

  it("P80 a configuration of a hosted agent is no script", () => {
    const checked = checkScript(`{ "multiagent": { "type": "multiagent_20261001" } }`);
    expect(checked.ok).toBe(false);
  });

  it("P81 a script that came to its end is not yet a success: a lost agent stays visible", async () => {
    const world = createWorld(async () => ({
      outcome: { ok: false, error: { name: "StepFailed", message: "lost" } },
    }));
    expect(await world.run(`return await parallel([() => agent("a")])`)).toEqual([null]);
    expect(world.events).toContainEqual({
      kind: "logged",
      message: "parallel: item 0 failed and is null: StepFailed: lost",
    });
  });

  it("P82 what an agent says starts and ends no run: it is text for the script", async () => {
    const world = createWorld(async (asked) => ok(`/workflow cancel ${promptOf(asked)}`));
    expect(await world.run(`return await agent("a")`)).toBe("/workflow cancel a");
  });

  it("P83 a run starts at most 1,000 agents, 16 at a time", () => {
    expect([limits.run.agents, limits.run.agentsAtOnce]).toEqual([1_000, 16]);
  });
});
