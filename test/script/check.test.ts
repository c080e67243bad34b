// What is a script and what is not, before anything runs.

import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { checkScript, renderProblem } from "../../src/script/check.ts";

const META = "export const meta = { name: 'x', description: 'y' }\n";

/** What is wrong with a text, as `line:column message`. */
function problems(source: string): string[] {
  const checked = checkScript(source);
  if (checked.ok) return [];
  return checked.problems.map(
    ({ line, column, message, help }) => `${line}:${column} ${message}: ${help}`,
  );
}

const accepted = (source: string): boolean => checkScript(source).ok;

describe("A script", () => {
  it("P01 begins with meta and may await and return at top level", () => {
    expect(
      accepted(
        `// comment\n${META}const a = await agent('a')\nif (a) return 1\nfor await (const x of []) {}`,
      ),
    ).toBe(true);
    // Some editors write a mark before everything else.
    expect(accepted(`\ufeff${META}return 1`)).toBe(true);
    for (const source of [
      "",
      "return 1",
      `'use strict'\n${META}`,
      `log(1)\n${META}`,
      `export default {}`,
    ]) {
      expect(problems(source)[0]).toContain("The first statement must be `export const meta");
    }
    for (const source of [
      "export let meta = {}",
      "const meta = {}",
      "export const meta = {}, b = 1",
      "export const other = {}",
    ]) {
      expect(problems(source)[0]).toMatch(/^1:1 The first statement must be/);
    }
  });

  it("P02 has a meta that is a pure literal", () => {
    const checked = checkScript(
      "export const meta = { 'name': `x`, description: \"y\", phases: [{ title: 'A', detail: null ?? 'd' }] }",
    );
    expect(checked.ok).toBe(false);
    const pure = checkScript(
      "export const meta = { 'name': `x`, description: \"y\", n: -1.5, t: true, z: null, phases: [{ title: 'A' }] }",
    );
    expect(pure).toMatchObject({ ok: true, meta: { name: "x", phases: [{ title: "A" }] } });
  });

  it.each([
    ["an identifier", "name: other", "has to be computed"],
    ["a call", "name: f()", "has to be computed"],
    ["a sum", "name: 'a' + 'b'", "has to be computed"],
    ["a shorthand", "name", "has to be computed"],
    ["a spread", "...other", "a spread"],
    ["a spread in a list", "phases: [...other]", "a spread"],
    ["a computed key", "['name']: 'x'", "a computed key"],
    ["a method", "name() {}", "a method"],
    ["an accessor", "get name() { return 'x' }", "a method or accessor"],
    ["a hole", "phases: [,]", "holes"],
    ["a template with a value", "name: `${1}`", "a template with ${…}"],
    ["a regular expression", "name: /x/", "regular expression"],
    ["a BigInt", "name: 1n", "BigInt"],
    ["minus before something else", "name: -'x'", "has to be computed"],
    ["__proto__", "__proto__: {}", "the key __proto__"],
    ["'constructor'", "'constructor': 1", "the key constructor"],
    ["prototype, deep inside", "phases: [{ title: 'x', prototype: 1 }]", "the key prototype"],
  ])("P02 refuses in meta: %s", (_, entry, reason) => {
    const [problem] = problems(`export const meta = {\n ${entry} }`);
    expect(problem).toMatch(/^2:\d+ /);
    expect(problem).toContain("must be a pure literal");
    expect(problem).toContain(reason);
  });

  it("P03 needs a name and a description, and says which is missing", () => {
    const found = problems("export const meta = { name: ' ', phases: [{ detail: 5 }] }");
    expect(found.map((problem) => /`meta\.[^`]*`/.exec(problem)?.[0])).toEqual([
      "`meta.name`",
      "`meta.description`",
      "`meta.phases.0.title`",
      "`meta.phases.0.detail`",
    ]);
  });

  it("P03 D4 takes unknown keys and options, and notes each once", () => {
    const source = `export const meta = { name: 'x', description: 'y', title: 'T', owner: 'me' }
agent('a', { label: 'l', retries: 3 }); agent('b', { retries: 4, model: 'opus' })`;
    const checked = checkScript(source);
    expect(checked.ok && checked.notes).toEqual([
      { line: 1, column: 71, length: 4, message: "`meta.owner` is unknown and ignored." },
      {
        line: 2,
        column: 26,
        length: 10,
        message: "The option `retries` of agent() is unknown and ignored.",
      },
    ]);
  });

  it("P06 P11 shows where text is no JavaScript", () => {
    expect(problems(`${META}const a: string = 'x'`)[0]).toMatch(
      /^2:8 Unexpected token.*TypeScript/,
    );
    expect(problems(`${META}interface A {}`)[0]).toMatch(/^2:1 The keyword 'interface'/);
    expect(problems(`${META}with (a) {}`)[0]).toMatch(/^2:1 'with' in strict mode/);
    expect(problems(`${META}}); evil(); (async () => {`)[0]).toMatch(/^2:1 Unexpected token/);
    expect(problems(`#!/usr/bin/env node\n${META}`)[0]).toMatch(/^1:1 A script has no `#!` line/);
  });

  it("P07 loads nothing and exports nothing else", () => {
    const source = `${META}import fs from 'node:fs'
const x = () => import('x')
export const y = 1
export default 2
export * from 'z'
log(import.meta.url)`;
    expect(problems(source).map((problem) => problem.slice(0, problem.indexOf(" ", 5)))).toEqual([
      "2:1 A",
      "3:17 A",
      "4:1 Only",
      "5:1 Only",
      "6:1 Only",
      "7:5 A",
    ]);
  });

  it("P08 refuses clock and randomness by the tree, never by the words", () => {
    const source = `${META}log(Date.now(), new Date(), Date(), Math.random(), Math['random']())`;
    expect(problems(source)).toHaveLength(5);
    expect(problems(source)[0]).toContain(
      "Date.now() / new Date() are unavailable in workflow scripts (breaks resume)",
    );
    expect(problems(source)[3]).toContain(
      "Math.random() is unavailable in workflow scripts (breaks resume)",
    );
    expect(
      accepted(
        `${META}// Date.now() import('x') export default\nlog('Math.random() new Date()', \`Date.now()\`, new Date(0), Date.parse('x'), other.now(), mine.random())`,
      ),
    ).toBe(true);
  });

  it("P11 refuses `using`, which the engine does not keep", () => {
    expect(problems(`${META}await using a = b`)[0]).toMatch(/^2:1 /);
    expect(problems(`${META}{ using a = b }`)[0]).toMatch(/^2:3 /);
  });

  it("P12 has at most 524,288 bytes", () => {
    const fill = (bytes: number): string => `${META}//${"x".repeat(bytes - META.length - 2)}`;
    expect(accepted(fill(524_288))).toBe(true);
    expect(problems(fill(524_289))).toEqual([
      expect.stringContaining("has 524289 bytes; at most 524288 are allowed"),
    ]);
    expect(problems(`${META}//${"é".repeat(262_144)}`)[0]).toContain("bytes");
  });

  it("P12 hides nothing from whoever approves it", () => {
    for (const code of [
      0, 8, 0x1b, 0x7f, 0x9b, 0x61c, 0x200b, 0x200f, 0x202e, 0x2066, 0xfeff, 0xe0041,
    ]) {
      const source = `${META}log('a${String.fromCodePoint(code)}')`;
      expect(problems(source)[0]).toMatch(/^2:7 The character U\+[0-9A-F]{4,5} can hide text/);
    }
    expect(accepted(`${META}\tlog('é 日本 👩‍💻 \\u202e')\r\n`)).toBe(true);
  });

  it("notes names that may look like others", () => {
    const checked = checkScript(`${META}const аgent = 1; log('é')`);
    expect(checked.ok && checked.notes.map(({ message }) => message)).toEqual([
      "The name `аgent` has letters outside ASCII that may look like others.",
    ]);
  });

  it("P10 notes names that exist nowhere, once each, and none that it probes with typeof", () => {
    const source = `${META}const cwd = process.cwd()
await bash('ls'); bash('pwd')
if (typeof require !== 'undefined') require('fs')
const { a, ...rest } = args ?? {}; for (const [k, v] of Object.entries(rest)) log(k, v, a)
class Pool { #n = 1; next() { return this.#n++ } }
label: for (const x of [new Pool()]) { if (x.next() > 1) continue label }
log({ shorthand: 1, cwd }, (p, { q = p } = {}) => q, function named() { return named })`;
    const checked = checkScript(source);
    expect(
      checked.ok && checked.notes.map(({ line, column, message }) => [line, column, message]),
    ).toEqual([
      [2, 13, expect.stringContaining("`process` is declared nowhere")],
      [3, 7, expect.stringContaining("`bash` is declared nowhere")],
    ]);
    expect(checked.ok && checked.notes[1]?.help).toMatch(/a script has agent, change, .*pipeline/);
  });

  it("nests brackets at most 64 deep", () => {
    const nested = (depth: number): string =>
      `${META};log(${"[".repeat(depth - 1)}${"]".repeat(depth - 1)})`;
    expect(accepted(nested(64))).toBe(true);
    expect(problems(nested(65))).toEqual([expect.stringContaining("2:69 Brackets nest deeper")]);
    expect(problems(`${META};${"(".repeat(100_000)}`)).toEqual([
      expect.stringContaining("Brackets nest deeper than 64"),
    ]);
    expect(accepted(`${META}log('${"(".repeat(100)}', /${"\\(".repeat(100)}/)`)).toBe(true);
  });

  it("is refused, not crashed on, when its expressions overflow the parser", () => {
    for (const times of [5_000, 100_000]) {
      for (const source of [`let x = ${"1+".repeat(times)}1`, `let x = ${"!".repeat(times)}1`]) {
        expect(problems(META + source)).toHaveLength(1);
      }
    }
  });

  it("gets all its problems at once", () => {
    const source = "export const meta = { name: x }\nimport 'y'\nDate.now() // \u202e";
    expect(problems(source).map((problem) => problem.split(" ")[0])).toEqual([
      "3:15",
      "1:29",
      "2:1",
      "3:1",
    ]);
  });
});

describe("A problem", () => {
  it.each([
    ["#!/usr/bin/env node\n", "remove it; nothing starts a script directly"],
    ["", "the script is empty: begin with it"],
    ["return 1", "write it before everything else"],
    [`log(1)\n${META}`, "move it to the top of the script"],
    ["export let meta = { name: 'x', description: 'y' }", "write it exactly so, on its own"],
    [`${META}${META}`, "a script has one `meta`: remove the other"],
    [`${META}let a = 1, a = 2`, "give one of the two another name"],
    [`${META}return \`a`, "close the text with a backtick"],
    [`${META}return a as string`, "this looks like TypeScript"],
    [`${META}interface A { b: string }`, "this looks like TypeScript"],
    [`${META}return f!`, "this looks like TypeScript"],
    [`${META}return new Map<string, number>()`, "this looks like TypeScript"],
    [`${META}return <a/>`, "TypeScript and JSX do not parse"],
    [`${META}function f() { await agent('a') }`, "make the function around it `async`"],
  ])("says what to do: %j", (source, help) => {
    const checked = checkScript(source);
    const [first] = checked.ok ? [] : checked.problems;
    expect(first?.help).toContain(help);
  });

  it("shows its line with a caret under its column", () => {
    const source = `${META}\tlet a: string = 1`;
    const checked = checkScript(source);
    expect(
      !checked.ok && checked.problems.map((problem) => renderProblem(source, problem)),
    ).toEqual([
      "Line 2, column 7: Unexpected token: this looks like TypeScript: remove the types, a script is plain JavaScript\n\n" +
        "2 | \tlet a: string = 1\n" +
        "  | \t     ^",
    ]);
  });

  it("shows a piece of a long line, and no hidden character", () => {
    const source = `${META}${"a;".repeat(200)}\u202eb`;
    const rendered = renderProblem(source, { line: 2, column: 401, message: "m" });
    const [, , code = "", caret = ""] = rendered.split("\n");
    expect(code).toBe(`2 | ${"a;".repeat(30)}\ufffdb`);
    expect(caret.indexOf("^")).toBe(code.indexOf("\ufffd"));
  });
});

describe("The built-in workflows", () => {
  const folder = new URL("../../workflows/", import.meta.url);
  it.each(readdirSync(folder).filter((name) => name.endsWith(".js")))("pass: %s", (name) => {
    expect(problems(readFileSync(new URL(name, folder), "utf8"))).toEqual([]);
  });
});
