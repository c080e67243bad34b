// workflow(): another script inside this one, one level deep.

import { describe, expect, it } from "vitest";

import { StepFailed } from "../../src/engine/errors.ts";
import type { FindWorkflow } from "../../src/engine/run.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { createWorld, ok, promptOf } from "./world.ts";

const META = "export const meta = { name: 'child', description: 'd' }";

function finder(texts: Record<string, string>): FindWorkflow {
  return async (wanted) => {
    const name = "name" in wanted ? wanted.name : wanted.scriptPath;
    const source = texts[name];
    if (source === undefined) throw new StepFailed(`There is no workflow "${name}".`);
    return { name, source };
  };
}

const child = (body: string) => ({ findWorkflow: finder({ child: `${META}\n${body}` }) });

const phases = (world: ReturnType<typeof createWorld>) =>
  world.events.flatMap((event) =>
    event.kind === "call-started" && event.step === "agent" ? [event.phase] : [],
  );

describe("workflow()", () => {
  it("P39 runs a saved script with its own args and gives what it returned, as JSON", async () => {
    const source = `const args = "shadowed"; const got = await workflow("child", { n: 2, f: () => 1 }); return [got, args]`;
    const body = `const twice = args.n * 2; return { twice, keys: Object.keys(args), meta: meta.name, f() {} }`;
    const value = await createWorld().run(source, { ...child(body), args: "own" });
    expect(value).toEqual([{ twice: 4, keys: ["n"], meta: "child" }, "shadowed"]);
    expect(
      await createWorld().run(`return await workflow("child")`, child("return typeof args")),
    ).toBe("undefined");
  });

  it("P39 takes a path in the repository", async () => {
    const more = { findWorkflow: finder({ "scripts/a.js": `${META}; return "by path"` }) };
    const source = `return await workflow({ scriptPath: "scripts/a.js" })`;
    expect(await createWorld().run(source, more)).toBe("by path");
  });

  it("P39 lets a child declare the names it is given", async () => {
    const body = `const agent = 1, args = 2, phase = 3, workflow = 4; return agent + args + phase + workflow`;
    expect(await createWorld().run(`return await workflow("child")`, child(body))).toBe(10);
  });

  it("P39 groups a child's agents under its name, whatever its phases are called", async () => {
    const world = createWorld();
    const body = `phase("Inner"); await agent("a"); await agent("b", { phase: "Own" })`;
    await world.run(
      `phase("Outer"); await workflow("child"); await agent("c"); await parallel([() => workflow("child"), () => agent("d")])`,
      child(body),
    );
    expect(phases(world)).toEqual(["child", "child", "Outer", "Outer", "child", "child"]);
  });

  it("P39 counts a child's agents and tokens with everybody else's", async () => {
    const world = createWorld(async (call) => ok(promptOf(call), 60));
    const body = `await agent("a"); await agent("b"); return budget.spent()`;
    const source = `const inner = await workflow("child")
      try { await agent("c") } catch (error) { return [inner, budget.spent(), error.name] }`;
    const limits = { agents: 2, outputTokens: null };
    expect(await world.run(source, { ...child(body), limits })).toEqual([
      120,
      120,
      "AgentLimitError",
    ]);
  });

  it("P39 has one level: a child that calls another one gets an error it can catch", async () => {
    const body = `try { await workflow("child") } catch (error) { return error.message }`;
    const message = await createWorld().run(`return await workflow("child")`, child(body));
    expect(message).toContain("workflow() cannot be called from within a child workflow");
  });

  it.each([
    ["an unknown name", `workflow("nobody")`, ["StepFailed", 'There is no workflow "nobody".']],
    ["an unreadable path", `workflow({ scriptPath: "a.js" })`, ["StepFailed", '"a.js"']],
    ["no name", `workflow(5)`, ["TypeError", "pass a workflow's name"]],
    ["args that are no data", `workflow("child", 1n)`, ["TypeError", "workflow(): "]],
  ])("P39 throws catchably on %s", async (_, call, [name, message = ""]) => {
    const source = `try { await ${call} } catch (error) { return [error.name, error.message] }`;
    expect(await createWorld().run(source, child("return 1"))).toEqual([
      name,
      expect.stringContaining(message),
    ]);
  });

  it("P39 throws catchably on a syntax error in the child, with the child's line", async () => {
    const source = `try { await workflow("child") } catch (error) { return [error.name, error.message] }`;
    const [name, message] = Object.values(
      (await createWorld().run(source, child("const a = 1\n  const b = ;"))) ?? {},
    );
    expect(name).toBe("SyntaxError");
    expect(message).toMatch(/^workflow\("child"\) failed at its line 3, column \d+: /);
  });

  it("P39 tells the child's line for what it threw, and the caller's line when nobody catches it", async () => {
    const run = createWorld().run(
      `const a = 1\n  await workflow("child")`,
      child(`const inner = () => { throw new RangeError("no") }\n  inner()`),
    );
    await expect(run).rejects.toMatchObject({
      name: "ScriptError",
      message: expect.stringMatching(
        /^RangeError: workflow\("child"\) failed at its line 2, column \d+: no$/,
      ),
      at: { line: 2, column: 9 },
    });
    const first = createWorld().run(`await workflow("child")`, {
      findWorkflow: finder({ child: "export const meta = {}; null.field" }),
    });
    await expect(first).rejects.toThrow("failed at its line 1, column 25");
  });

  it("P39 refuses a child's result that is no data", async () => {
    const run = createWorld().run(`return await workflow("child")`, child("return () => 1"));
    await expect(run).rejects.toThrow("its result is a function");
  });

  it("P39 replays a child from the journal, even when its file is another one by now", async () => {
    const world = createWorld();
    const source = `return await parallel([1, 2].map((n) => () => workflow("child", n)))`;
    const live = await world.run(source, child(`return await agent("child " + args)`));
    expect(live).toEqual(["child 1", "child 2"]);
    for (let length = 0; length <= world.journal.length; length += 1) {
      const again = createWorld(undefined, world.journal.slice(0, length));
      const more =
        length === world.journal.length
          ? child("throw new Error('read again')")
          : child(`return await agent("child " + args)`);
      expect(await again.run(source, more)).toEqual(live);
    }
  });

  it("P39 runs in the child process too", async () => {
    const openSandbox = () => openChildSandbox();
    const source = `return await workflow("child", { a: 1 })`;
    const body = `return [await agent("x"), args]`;
    expect(await createWorld().run(source, { ...child(body), openSandbox })).toEqual([
      "x",
      { a: 1 },
    ]);
  });
});
