// The script dialect, row by row, as a script sees it.

import { describe, expect, it } from "vitest";

import type { Outcome } from "../../src/engine/call.ts";
import type { Json } from "../../src/engine/json.ts";
import type { Asked } from "../../src/engine/sandbox.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { drive, echo, type DriveOptions, returned, smallLimits, thrown } from "./drive.ts";

const open = () =>
  openInProcessSandbox({ ...smallLimits, stretchTexts: 20_000, stretchChars: 1e7 });
const value = (source: string, options?: DriveOptions): Promise<Json> =>
  returned(open, source, options);
const failed = (asked: Asked): Outcome =>
  asked.input["prompt"] === "bad"
    ? { ok: false, error: { name: "Error", message: "lost" } }
    : echo(asked);

describe("File and language", () => {
  it("P01 runs a module whose first statement exports meta, with await and return at top level", async () => {
    const source = `// a comment\nexport const meta = { name: 'x', description: 'y' }\nreturn [await agent('a'), meta.name]`;
    expect(await value(source)).toEqual(["a", "x"]);
  });

  it("P08 refuses the clock and says what to do instead, however it is reached", async () => {
    for (const source of [
      "Date.now()",
      "new Date()",
      "Date()",
      "new (new Date(0).constructor)()",
      "Reflect.construct(Date, [])",
      "new (class extends Date {})()",
      "new Date(0).constructor.now()",
    ]) {
      const { message } = await thrown(open, `return ${source}`);
      expect(message).toContain(
        "Date.now() / new Date() are unavailable in workflow scripts (breaks resume)",
      );
      expect(message).toContain("args");
    }
  });

  it("P08 keeps dates that are made from something", async () => {
    const source = `const day = new Date("2026-01-02T03:04:05Z")
      return [day.toISOString(), day instanceof Date, new Date(5).getTime(), Date.UTC(2020, 0), Date.parse("1970-01-01"), Date.name]`;
    const made = ["2026-01-02T03:04:05.000Z", true, 5, 1_577_836_800_000, 0, "Date"];
    expect(await value(source)).toEqual(made);
  });

  it("P08 refuses randomness and says what to do instead", async () => {
    const { message } = await thrown(open, "return Math.random()");
    expect(message).toContain("Math.random() is unavailable in workflow scripts (breaks resume)");
    expect(message).toContain("index");
  });

  it("P09 has console, which writes to the log", async () => {
    const { logs } = await drive(
      open,
      `console.log("a", 1); console.warn({ b: [2] }); console.error(new Error("c"))`,
    );
    expect(logs).toEqual(["a 1", '{"b":[2]}', "Error: c"]);
  });

  it("P10 leaves out what a script has no business with: typeof gives undefined", async () => {
    const names =
      "require process fetch fs Buffer eval Function WebAssembly WeakRef FinalizationRegistry ShadowRealm Atomics SharedArrayBuffer queueMicrotask performance Proxy Uint8Array";
    const source = names.split(" ").map((name) => `typeof ${name}`);
    expect(new Set(Object.values((await value(`return [${source.join()}]`)) ?? {}))).toEqual(
      new Set(["undefined"]),
    );
  });

  it("P10 names what there is when a script uses what there is not", async () => {
    const { name, message, at } = await thrown(open, "const a = 1\n  fetch('x')");
    expect([name, at?.line]).toEqual(["ReferenceError", 2]);
    expect(message).toMatch(/fetch is not defined\. A script has agent, .*parallel.*no modules/);
  });

  it("P11 runs in strict mode", async () => {
    expect(await value("return (function () { return this === undefined })()")).toBe(true);
    expect((await thrown(open, "undeclared = 1")).name).toBe("ReferenceError");
  });

  it("P13 bounds every stretch, not only the first", async () => {
    const limits = { ...smallLimits, stretchCpuMs: 200 };
    const late = drive(() => openInProcessSandbox(limits), "await agent('a'); for (;;);");
    await expect(late).rejects.toMatchObject({ limit: "cpu" });
  });

  it("P14 sends the result through JSON: functions vanish, nothing is null", async () => {
    expect(
      await value("return { f() {}, u: undefined, n: NaN, a: [() => 1], d: new Date(0) }"),
    ).toEqual({
      n: null,
      a: [null],
      d: "1970-01-01T00:00:00.000Z",
    });
    expect(await value("await agent('a')")).toBeNull();
  });

  it.each([
    ["a function", "return () => 1"],
    ["a symbol", "return Symbol('x')"],
    ["a BigInt", "return 1n"],
    ["a circle", "const a = {}; a.a = a; return a"],
  ])("P14 refuses a result that is no data: %s", async (_, source) => {
    expect((await thrown(open, source)).message).toContain("result cannot be written as JSON");
  });

  it("P14 gives an uncaught throw its name, message, line and column", async () => {
    const source = "export const meta = {}; const x = null\nconst y = 1\n  null.field";
    expect(await thrown(open, source)).toMatchObject({
      name: "TypeError",
      at: { line: 3, column: 3 },
    });
    const first = await thrown(open, "export const meta = {}; null.field");
    expect(first.at).toEqual({ line: 1, column: 25 });
    expect((await thrown(open, "throw 'text'")).message).toBe("The script threw text");
  });

  it.each([
    ["an object", "throw { code: 3 }", 'The script threw {"code":3}'],
    ["a list", "throw ['a', null]", 'The script threw ["a",null]'],
    ["nothing", "throw undefined", "The script threw undefined"],
    ["no value", "throw null", "The script threw null"],
    ["an error's likeness", "throw { name: 'Odd', message: 'so' }", "so"],
    ["an error without words", "throw new Error()", ""],
    ["a circle", "const a = {}; a.a = a; throw a", "The script threw a value that cannot be read."],
  ])("P14 shows what was thrown and is no error: %s", async (_, source, message) => {
    expect((await thrown(open, source)).message).toBe(message);
  });

  it("P14 survives whatever is thrown", async () => {
    const source = "throw { get message() { throw 1 }, get name() { throw 2 } }";
    expect((await thrown(open, source)).message).toContain("cannot be read");
  });
});

describe("Calls", () => {
  it("P20 makes the prompt a string", async () => {
    const { asked } = await drive(
      open,
      "await agent(5); await agent(['a', 'b']); await agent(null)",
    );
    expect(asked.map(({ input }) => input["prompt"])).toEqual(["5", "a,b", "null"]);
    expect((await thrown(open, "await agent()")).message).toContain("a prompt is missing");
  });

  it("P21 takes label and phase out of the options, and the prompt's start as label", async () => {
    const source = `await agent("x".repeat(100), { model: "opus", phase: "Own" }); await agent("p", { label: "L" })`;
    const { asked } = await drive(open, source);
    expect(asked).toMatchObject([
      { label: "x".repeat(60), phase: "Own", input: { model: "opus" } },
      { label: "L", phase: null, input: { prompt: "p" } },
    ]);
    expect(Object.keys(asked[1]?.input ?? {})).toEqual(["prompt"]);
  });

  it("P21 throws for options of the wrong type", async () => {
    expect((await thrown(open, "await agent('a', { label: 5 })")).message).toBe(
      "agent(): the option label must be a string, got number",
    );
    expect((await thrown(open, "await agent('a', 'b')")).message).toContain(
      "options must be an object",
    );
  });

  it("P23 throws what a step throws", async () => {
    const source = "try { await agent('bad') } catch (error) { return error.message }";
    expect(await value(source, { answer: failed })).toBe("lost");
  });

  it("P35 attributes a call to the phase at the moment of asking; the option wins", async () => {
    const source = `await agent("a"); phase("One"); const b = agent("b"); phase("Two")
      await agent("c"); await agent("d", { phase: "Three" }); await b`;
    const { asked, phases } = await drive(open, source);
    expect(asked.map(({ phase }) => phase)).toEqual([null, "One", "Two", "Three"]);
    expect(phases).toEqual(["One", "Two"]);
  });

  it("P36 logs lines, and cuts one that is too long visibly", async () => {
    const { logs } = await drive(open, `log("a"); log("x".repeat(10005))`);
    expect(logs[0]).toBe("a");
    expect(logs[1]).toMatch(/^x{10000}… \(5 more characters\)$/);
  });

  it("P37 gives args as a value, undefined when there are none", async () => {
    expect(await value("return args", { args: { a: [1] } })).toEqual({ a: [1] });
    expect(await value("return [typeof args, 'args' in globalThis]")).toEqual(["undefined", true]);
  });

  it("P38 has a frozen budget that counts what was delivered", async () => {
    const source = `const seen = [budget.spent()]
      await agent("a"); seen.push(budget.spent(), budget.remaining())
      await agent("b"); seen.push(budget.spent(), budget.remaining(), budget.total)
      try { budget.total = 1 } catch (error) { seen.push(error.name) }
      return seen`;
    expect(await value(source, { budgetTotal: 10, tokens: 7 })).toEqual([
      0,
      7,
      3,
      14,
      0,
      10,
      "TypeError",
    ]);
    expect(await value("return [budget.total, budget.remaining() === Infinity]")).toEqual([
      null,
      true,
    ]);
  });

  it("has members of objects beside constants", async () => {
    const source = "return [await repo.files('*.ts'), repo.head, Object.isFrozen(repo)]";
    const answer = (): Outcome => ({ ok: true, value: ["a.ts"] });
    const options = { constants: { repo: { head: "abc" } }, answer };
    expect(await value(source, options)).toEqual([["a.ts"], "abc", true]);
  });

  it("refuses input that is no data, and names the call", async () => {
    const source = "const a = {}; a.a = a; await revise(a, [])";
    expect(await thrown(open, source)).toMatchObject({ at: { line: 1 } });
    expect((await thrown(open, source)).message).toMatch(/^revise\(\): /);
  });
});

describe("Fan-out", () => {
  it("P31 waits for all, keeps the order, and gives null for a failure and a log line naming it", async () => {
    const source = `return await parallel([() => agent("a"), () => agent("bad"), async () => { throw new TypeError("own") }])`;
    const { end, logs } = await drive(open, source, { answer: failed });
    expect(end).toEqual({ kind: "returned", value: ["a", null, null] });
    expect(logs.sort()).toEqual([
      "parallel: item 1 failed and is null: Error: lost",
      "parallel: item 2 failed and is null: TypeError: own",
    ]);
  });

  it("P31 starts all at once", async () => {
    await using sandbox = await open();
    const source = "await parallel([1, 2, 3].map((n) => () => agent(n)))";
    const functions = [{ name: "agent", step: "agent", parameters: ["prompt"] }];
    const program = { source, functions, args: undefined, constants: {}, budgetTotal: null };
    expect((await sandbox.start(program)).did).toHaveLength(3);
  });

  it("P31 refuses a promise where a function is due, and says how to write it", async () => {
    const { name, message } = await thrown(open, "await parallel([agent('a')])");
    expect(name).toBe("TypeError");
    expect(message).toContain("item 0 is a promise, so it already runs: write () => agent(…)");
    expect((await thrown(open, "await parallel([5])")).message).toContain(
      "item 0 is a value of type number",
    );
    expect((await thrown(open, "await parallel(5)")).message).toContain(
      "takes an array of functions",
    );
  });

  it("P31 gives an empty array for one", async () => {
    expect(await value("return [await parallel([]), await pipeline([], (x) => x)]")).toEqual([
      [],
      [],
    ]);
  });

  it("D2 makes a synchronous throw null like an asynchronous one, and the others go on", async () => {
    const source = `const run = (thunk) => parallel([() => agent("a"), thunk, () => agent("c")])
      return [await run(() => { throw new Error("x") }), await run(async () => { throw new Error("x") })]`;
    expect(await value(source)).toEqual([
      ["a", null, "c"],
      ["a", null, "c"],
    ]);
  });

  it("P32 moves every item on by itself, with the previous result, the item and its index", async () => {
    const source = `const seen = []
      const out = await pipeline(["a", "b"],
        (previous, item, index) => { seen.push([1, previous, item, index]); return agent(item + 1) },
        (previous, item, index) => { seen.push([2, previous, item, index]); return agent(previous + 2) })
      return { out, seen }`;
    // The second item is always answered first: it ends both stages before the first item has one.
    const choose = (waiting: readonly Asked[]): number => waiting.length - 1;
    expect(await value(source, { choose })).toEqual({
      out: ["a12", "b12"],
      seen: [
        [1, "a", "a", 0],
        [1, "b", "b", 1],
        [2, "b1", "b", 1],
        [2, "a1", "a", 0],
      ],
    });
  });

  it("P32 makes a slot null when a stage throws, and skips its later stages", async () => {
    const source = `const later = []
      const out = await pipeline(["a", "bad", "c"],
        (x) => { if (x === "c") throw new Error("sync"); return agent(x) },
        (x) => { later.push(x); return x })
      return { out, later }`;
    const { end, logs } = await drive(open, source, { answer: failed });
    expect(end).toEqual({ kind: "returned", value: { out: ["a", null, null], later: ["a"] } });
    expect(logs.sort()).toEqual([
      "pipeline: item 1, stage 1 failed and is null: Error: lost",
      "pipeline: item 2, stage 1 failed and is null: Error: sync",
    ]);
  });

  it("P33 D1 lets a stage's null flow on to the next stage", async () => {
    const source = `return await pipeline(["a"], () => agent("x"), (previous) => previous === null ? "saw null" : "no")`;
    expect(await value(source, { answer: () => ({ ok: true, value: null }) })).toEqual([
      "saw null",
    ]);
  });

  it("P34 refuses more than 4,096 items, never cuts them", async () => {
    const full =
      "return (await pipeline(Array.from({ length: 4096 }, (_, i) => i), (x) => x)).length";
    expect(await value(full)).toBe(4096);
    for (const call of [
      "parallel(Array(4097).fill(() => 1))",
      "pipeline(Array(4097).fill(1), (x) => x)",
    ]) {
      const { name, message } = await thrown(open, `await ${call}`);
      expect([name, message]).toEqual(["RangeError", expect.stringContaining("at most 4096")]);
      expect(message).toContain("got 4097");
    }
  });

  it("names the first failures of a large fan-out and counts the rest", async () => {
    const source =
      "await parallel(Array.from({ length: 50 }, () => () => { throw new Error('x') }))";
    const { logs } = await drive(open, source);
    expect(logs).toHaveLength(21);
    expect(logs.at(-1)).toBe("parallel: 50 of 50 items failed and are null");
  });
});
