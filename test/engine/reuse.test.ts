// A rerun of an edited script: what is unchanged is not performed again, wherever it stands.

import { describe, expect, it } from "vitest";

import { Diverged } from "../../src/engine/errors.ts";
import { createWorld, lost, ok, promptOf } from "./world.ts";

/** 200 calls: 100 questions, and one that depends on each. */
const script = (question: (n: number) => string): string => `
  const question = ${question.toString()}
  return await pipeline(Array.from({ length: 100 }, (_, n) => n),
    (n) => agent(question(n)),
    (answer) => agent("Check " + answer))`;

const answering = () => createWorld(async (call) => ok(`<${promptOf(call)}>`, 7));

const asked = (world: ReturnType<typeof createWorld>): string[] =>
  world.journal.flatMap((entry) => (entry.kind === "call-started" ? [entry.label ?? ""] : []));

describe("A rerun", () => {
  it("I3 of a 200-call script with one edited prompt performs that call and the one that depends on it", async () => {
    const first = answering();
    await first.run(script((n) => `Read file ${n}`));
    expect(first.performed).toHaveLength(200);
    const again = answering();
    const edited = script((n) => (n === 57 ? "Read file 57 twice" : `Read file ${n}`));
    const value = await again.run(edited, { reuse: first.journal });
    expect(asked(again)).toEqual(["Read file 57 twice", "Check <Read file 57 twice>"]);
    expect(Object.values(value ?? {})[57]).toBe("<Check <Read file 57 twice>>");
    expect(Object.values(value ?? {})[58]).toBe("<Check <Read file 58>>");
  });

  it("performs nothing when calls only move, or change their label, phase or options' order", async () => {
    const first = answering();
    await first.run(
      `await agent("a", { model: "m", effort: "low" }); await agent("b"); await agent("c")`,
    );
    const again = answering();
    const moved = `phase("P"); await parallel([() => agent("c"), () => agent("b", { label: "L" })])
      return await agent("a", { effort: "low", model: "m" })`;
    expect(await again.run(moved, { reuse: first.journal })).toBe("<a>");
    expect(again.performed).toEqual([]);
  });

  it("performs what was inserted and the third of two equal questions, and drops what was removed", async () => {
    const first = answering();
    await first.run(`await agent("vote"); await agent("vote"); await agent("gone")`);
    const again = answering();
    const source = `await agent("new"); for (const n of [1, 2, 3]) await agent("vote")`;
    await again.run(source, { reuse: first.journal });
    expect(asked(again)).toEqual(["new", "vote"]);
  });

  it("tries again what failed", async () => {
    const first = createWorld(async () => ({ outcome: lost }));
    const source = `try { return await agent("a") } catch { return "failed" }`;
    expect(await first.run(source)).toBe("failed");
    expect(await answering().run(source, { reuse: first.journal })).toBe("<a>");
  });

  it("counts reused answers as agents, but not as tokens, and tells watchers that they were not performed", async () => {
    const first = answering();
    await first.run(`await agent("a")`);
    const again = answering();
    const source = `await agent("a"); const spent = budget.spent()
      try { await agent("b") } catch (error) { return [spent, error.name] }`;
    const limits = { agents: 1, outputTokens: 100 };
    const value = await again.run(source, { reuse: first.journal, limits });
    expect(value).toEqual([0, "AgentLimitError"]);
    const [started, ended] = again.events.filter(({ kind }) => kind.startsWith("call-"));
    expect([started, ended]).toMatchObject([
      { kind: "call-started", replayed: true },
      { kind: "call-ended", replayed: true, usage: null },
    ]);
  });

  it("is itself resumed from its own journal after a crash behind every entry", async () => {
    const first = answering();
    await first.run(`return await parallel(["a", "b"].map((x) => () => agent(x)))`);
    const edited = `return await parallel(["a", "x", "b", "y"].map((x) => () => agent(x)))`;
    const whole = answering();
    const value = await whole.run(edited, { reuse: first.journal });
    for (let length = 0; length <= whole.journal.length; length += 1) {
      const again = createWorld(
        async (call) => ok(`<${promptOf(call)}>`, 7),
        whole.journal.slice(0, length),
      );
      expect(await again.run(edited, { reuse: first.journal })).toEqual(value);
      const repeated = again.performed.filter((key) =>
        whole.journal.slice(0, length).some((e) => e.kind === "call-ended" && e.key === key),
      );
      expect(repeated).toEqual([]);
    }
  });

  it("is another thing than a resume: the same journal as history diverges", async () => {
    const first = answering();
    await first.run(`await agent("a"); await agent("gone")`);
    const resumed = createWorld(undefined, first.journal);
    await expect(resumed.run(`await agent("a")`)).rejects.toBeInstanceOf(Diverged);
  });
});
