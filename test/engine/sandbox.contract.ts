// What every sandbox does, wherever the script runs.

import { describe, expect, it } from "vitest";

import { SandboxFault } from "../../src/engine/errors.ts";
import type { Answer, Deed, Pumped, Sandbox } from "../../src/engine/sandbox.ts";
import type { SandboxLimits } from "../../src/engine/sandbox/limits.ts";
import { drive, echo, functions, returned, smallLimits, thrown } from "./drive.ts";

const answerTo = (id: number, value: string): Answer => ({
  id,
  outcome: { ok: true, value },
  spent: 0,
});

const promptOf = (deed: Deed) => (deed.kind === "asked" ? deed.call.input["prompt"] : deed.kind);

/** Runs the contract on one implementation. */
export function sandboxContract(
  name: string,
  openWith: (limits: SandboxLimits) => Promise<Sandbox>,
): void {
  const open = (): Promise<Sandbox> => openWith(smallLimits);

  async function faultOf(source: string, limits: SandboxLimits): Promise<string> {
    try {
      const { end } = await drive(() => openWith(limits), source);
      return `no fault: ${JSON.stringify(end)}`;
    } catch (error) {
      return error instanceof SandboxFault ? error.limit : String(error);
    }
  }

  describe(`${name} runs scripts`, () => {
    it("gives every call its own answer, in whatever order answers come", async () => {
      const source = `return await parallel(["a", "b", "c"].map((x) => () => agent(x)))`;
      const last = { choose: (waiting: readonly unknown[]) => waiting.length - 1 };
      expect(await returned(open, source, last)).toEqual(["a", "b", "c"]);
    });

    it("moves the script once per answer, so that what it sees is the order of delivery", async () => {
      const source = `
        const seen = []
        const ask = async (x) => { await agent(x); seen.push(x) }
        await Promise.all(["a", "b", "c"].map(ask))
        return seen`;
      const choices = [2, 0, 0];
      const choose = (): number => choices.shift() ?? 0;
      expect(await returned(open, source, { choose })).toEqual(["c", "a", "b"]);
    });

    it("moves the script once per answer also when many are delivered at once", async () => {
      await using sandbox = await open();
      const source = `
        const ask = async (x) => { log("got " + await agent(x)); await agent(x + "2") }
        await Promise.all(["a", "b", "c"].map(ask))`;
      const program = { functions, args: undefined, constants: {}, budgetTotal: null };
      await sandbox.start({ ...program, source });
      const heard: Pumped[] = [];
      await sandbox.deliver([answerTo(2, "c"), answerTo(0, "a")], (pumped) => heard.push(pumped));
      expect(heard).toMatchObject([
        { did: [{ message: "got c" }, { call: { id: 3, input: { prompt: "c2" } } }] },
        { did: [{ message: "got a" }, { call: { id: 4, input: { prompt: "a2" } } }] },
      ]);
    });

    it("leaves out answers behind the script's end", async () => {
      await using sandbox = await open();
      const source = `return await Promise.race([agent("a"), agent("b"), agent("c")])`;
      const program = { functions, args: undefined, constants: {}, budgetTotal: null };
      await sandbox.start({ ...program, source });
      const heard: Pumped[] = [];
      const answers = [answerTo(1, "b"), answerTo(0, "a"), answerTo(2, "c")];
      await sandbox.deliver(answers, (pumped) => heard.push(pumped));
      expect(heard).toEqual([{ did: [], state: { kind: "returned", value: "b" } }]);
    });

    it("hears nothing more once the listener has thrown", async () => {
      await using sandbox = await open();
      const source = `await Promise.all([agent("a"), agent("b")])`;
      const program = { functions, args: undefined, constants: {}, budgetTotal: null };
      await sandbox.start({ ...program, source });
      let heard = 0;
      const delivered = sandbox.deliver([answerTo(0, "a"), answerTo(1, "b")], () => {
        heard += 1;
        throw new Error("enough");
      });
      await expect(delivered).rejects.toThrow("enough");
      expect(heard).toBe(1);
    });

    it("answers no call that is not open", async () => {
      await using sandbox = await open();
      const program = { functions, args: undefined, constants: {}, budgetTotal: null };
      await sandbox.start({ ...program, source: `await agent("a")` });
      await expect(sandbox.deliver([answerTo(7, "x")], () => {})).rejects.toThrow("not open");
    });

    it("keeps NUL, quotes and line ends in prompts, answers and results", async () => {
      const hard = 'a\u0000b\\ud800"\\\r\n\u2028é🙂';
      const source = `const back = await agent(args); return [back === args, back, args.length]`;
      expect(await returned(open, source, { args: hard })).toEqual([true, hard, hard.length]);
    });

    it("rejects a failed call with its name, message and the author's line and column", async () => {
      const source = `const x = 1\nawait agent("a")`;
      const answer = () => ({ ok: false, error: { name: "RangeError", message: "no" } }) as const;
      expect(await thrown(open, source, { answer })).toEqual({
        kind: "threw",
        name: "RangeError",
        message: "no",
        at: { line: 2, column: 7 },
        frames: [{ name: null, line: 2, column: 7 }],
      });
    });

    it("lets a script catch a failed call and go on", async () => {
      const source = `try { await agent("a") } catch (error) { return [error.name, error instanceof Error] }`;
      const answer = () =>
        ({ ok: false, error: { name: "BudgetSpent", message: "spent" } }) as const;
      expect(await returned(open, source, { answer })).toEqual(["BudgetSpent", true]);
    });

    it("starts afresh each time: nothing of one script is seen by the next", async () => {
      await returned(open, `globalThis.left = 1; Object.prototype.left = 2; return 1`);
      expect(await returned(open, `return [typeof left, ({}).left === undefined]`)).toEqual([
        "undefined",
        true,
      ]);
    });
  });

  describe(`${name} contains scripts`, () => {
    const contained: [name: string, limit: string, source: string][] = [
      ["an endless loop", "cpu", "for (;;);"],
      [
        "an endless loop in try/finally",
        "cpu",
        "for (;;) { try { for (;;); } finally { continue } }",
      ],
      [
        "an endless loop caught through a promise",
        "cpu",
        "try { await (async () => { for (;;); })() } catch { return 'caught' }",
      ],
      ["an endless loop inside parallel", "cpu", "return await parallel([() => { for (;;); }])"],
      ["an endless loop after an answer", "cpu", "await agent('a'); for (;;);"],
      [
        "a regular expression that backtracks",
        "cpu",
        "return /^(a+)+$/.test('a'.repeat(40) + 'b')",
      ],
      [
        "a storm of microtasks",
        "jobs",
        "const storm = async () => { for (;;) await 0 }; await storm()",
      ],
      [
        "memory filled with strings",
        "memory",
        "const held = []; for (;;) held.push('x'.repeat(1 << 20) + held.length)",
      ],
      [
        "exhausted memory that the script catches",
        "memory",
        "const held = []; try { for (;;) held.push('x'.repeat(1 << 20) + held.length) } catch { held.length = 0; return 'caught' }",
      ],
      [
        "memory filled with objects",
        "memory",
        "const held = []; for (;;) held.push([held.length, {}, {}, {}, {}, {}, {}, {}, {}])",
      ],
      ["a promise nobody settles", "deadlock", "await new Promise(() => {})"],
      [
        "a promise nobody settles, after an answer",
        "deadlock",
        "await agent('a'); await new Promise(() => {})",
      ],
      ["a prompt that is too long", "size", "await agent('x'.repeat(200000))"],
      ["a result that is too long", "size", "return 'x'.repeat(200000)"],
      ["a flood of phases", "size", "for (let i = 0; i < 300; i += 1) phase(i)"],
      ["a flood of log lines", "cpu", "for (;;) log('A'.repeat(1000))"],
      ["a flood of calls", "size", "for (let i = 0; i < 300; i += 1) agent(String(i))"],
      ["a flood of text", "size", "for (let i = 0; i < 30; i += 1) agent('x'.repeat(90000))"],
      [
        "data nested too deep",
        "size",
        "let deep = 1; for (let i = 0; i < 100; i += 1) deep = [deep]; return deep",
      ],
    ];
    it.each(contained)("%s ends as %s", async (_, limit, source) => {
      const stretchCpuMs = limit === "cpu" ? 200 : smallLimits.stretchCpuMs;
      expect(await faultOf(source, { ...smallLimits, stretchCpuMs })).toBe(limit);
    });

    it("gives deep recursion to the script as an ordinary RangeError", async () => {
      const source = `const deeper = () => deeper() + 1; try { deeper() } catch (error) { return error.name }`;
      expect(await returned(open, source)).toBe("RangeError");
    });

    it("stays closed after a fault", async () => {
      await using sandbox = await open();
      const program = { functions: [], args: undefined, constants: {}, budgetTotal: null };
      await expect(
        sandbox.start({ ...program, source: "return 'x'.repeat(200000)" }),
      ).rejects.toThrow(SandboxFault);
      await expect(sandbox.start({ ...program, source: "return 1" })).rejects.toThrow(SandboxFault);
    });

    it("counts log lines apart from what a script asks for in one go", async () => {
      const source = `
        for (let i = 0; i < 190; i += 1) phase("P" + i)
        for (let i = 0; i < 150; i += 1) log("line " + i)
        return "whole"`;
      const { end, logs, phases } = await drive(open, source);
      expect(end).toEqual({ kind: "returned", value: "whole" });
      expect([phases.length, logs.length, logs.at(-1)]).toEqual([190, 100, "line 149"]);
    });

    it("loses nothing of a long stretch to whoever hears it in parts", async () => {
      await using sandbox = await openWith({ ...smallLimits, stretchTexts: 1_000 });
      const source = `
        const ask = (word) => Promise.all(Array.from({ length: 600 }, (_, item) => agent(word + item)))
        const first = ask("first "); await Promise.race([first]); await ask("then ")`;
      const program = { functions, args: undefined, constants: {}, budgetTotal: null, source };
      const heard: Deed[] = [];
      const hearPart = (part: readonly Deed[]) => void heard.push(...part);
      heard.push(...(await sandbox.start(program, hearPart)).did);
      expect(heard.map(promptOf)).toEqual(Array.from({ length: 600 }, (_, n) => `first ${n}`));
      heard.length = 0;
      const answers = Array.from({ length: 600 }, (_, id) => answerTo(id, "done"));
      await sandbox.deliver(answers, ({ did }) => void heard.push(...did), hearPart);
      expect(heard.map(promptOf)).toEqual(Array.from({ length: 600 }, (_, n) => `then ${n}`));
    });

    it("goes on working for a script that replaces the built-ins it could reach", async () => {
      const source = `
        Promise.prototype.then = () => { throw new Error("then") }
        Array.prototype.push = () => { throw new Error("push") }
        Array.prototype[Symbol.iterator] = () => { throw new Error("iterator") }
        Map.prototype.get = RegExp.prototype.exec = String.prototype.split = () => "no"
        JSON.stringify = () => '{"kind":"returned","value":"forged"}'
        JSON.parse = () => ({})
        String = Object.keys = Array.isArray = () => "no"
        log("a", { b: 1 }); phase("P")
        return [await agent("x"), budget.spent()]`;
      const { end, logs, phases } = await drive(open, source, { tokens: 7 });
      expect([end, logs, phases]).toEqual([
        { kind: "returned", value: ["x", 7] },
        ['a {"b":1}'],
        ["P"],
      ]);
    });

    it("takes what a script puts on prototypes as data at most", async () => {
      const source = `
        Object.prototype.toJSON = () => "forged"
        log("a"); phase("P")
        try { await agent("x", { schema: {} }) } finally { null.field }`;
      const { end, asked, logs, phases } = await drive(open, source, { answer: echo });
      expect(asked).toMatchObject([
        { id: 0, step: "agent", input: { prompt: "x", schema: "forged" } },
      ]);
      expect([logs, phases]).toEqual([["a"], ["P"]]);
      expect(end).toMatchObject({ kind: "threw", name: "TypeError", at: { line: 4 } });
    });

    it("gives the functions of the language no way to be replaced", async () => {
      const source = `
        try { agent = 1 } catch {}
        try { globalThis.agent = 1 } catch {}
        try { delete globalThis.agent } catch {}
        try { repo.files = 1 } catch {}
        return [typeof agent, typeof repo.files]`;
      expect(await returned(open, source)).toEqual(["function", "function"]);
    });

    it("makes no code from text and loads no module, not even its own", async () => {
      const tries = [
        `eval("1")`,
        `Function("return 1")()`,
        `(() => {}).constructor("return 1")()`,
        `(async () => {}).constructor("return 1")()`,
        `(function* () {}).constructor("return 1")()`,
        `(async function* () {}).constructor("return 1")()`,
        `Object.constructor("return 1")()`,
        `await import("node:fs")`,
        `await import("./guest/steps.js")`,
        `await import("fanfold/steps.js")`,
        `await import("fanfold/main.js")`,
        `await import("script.js")`,
      ];
      const attempt = (code: string): string =>
        `try { ${code}; made.push(${JSON.stringify(code)}) } catch (error) { refused.push(error.name) }`;
      const source = `const made = [], refused = []; ${tries.map(attempt).join("\n")}; return [made, refused.length]`;
      expect(await returned(open, source)).toEqual([[], tries.length]);
    });
  });
}
