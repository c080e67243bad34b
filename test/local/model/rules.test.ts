import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";

import { check, property, subarray } from "fast-check";
import { expect, test } from "vitest";

import { matchesIn, RULES, withReplacements } from "../../../src/local/model/rules/catalogue.ts";
import { parseSource } from "../../../src/local/model/source.ts";

const SAMPLE = fileURLToPath(new URL("../../../src/local/sample/src/", import.meta.url));

function matchesOf(text: string, path = "file.js") {
  const parsed = parseSource(path, text);
  if (!parsed.ok) throw new Error(parsed.why);
  return matchesIn(parsed.source);
}

function fixed(text: string, rule: string, path?: string): string {
  const matches = matchesOf(text, path).filter((match) => match.rule === rule);
  return withReplacements(
    text,
    matches.flatMap((match) => match.replacements),
  );
}

/** [rule, before, after, inputs for `f`]: with inputs, both forms must give the same. */
const FIXES: readonly (readonly [string, string, string, readonly unknown[][]])[] = [
  [
    "strict-equality",
    "f = (a) => typeof a == 'string'",
    "f = (a) => typeof a === 'string'",
    [[1], ["1"], [null]],
  ],
  [
    "strict-equality",
    "f = (a) => a != 'yes'",
    "f = (a) => a !== 'yes'",
    [["yes"], [1], [""], [null]],
  ],
  ["no-substr", "f = (a) => a.substr(1)", "f = (a) => a.slice(1)", [["abc"], [""], ["ä"]]],
  ["no-substr", "f = (a) => a.substr(0, 2)", "f = (a) => a.slice(0, 2)", [["abc"], [""], ["a"]]],
  ["no-substr", "f = (a) => a.substr(1, 2)", "f = (a) => a.slice(1, 3)", [["abcd"], [""], ["a"]]],
  [
    "no-substr",
    "f = (a, b) => a.substr(0, b.length)",
    "f = (a, b) => a.slice(0, b.length)",
    [
      ["abc", "xy"],
      ["", "x"],
    ],
  ],
  [
    "parse-int-radix",
    "f = (a) => parseInt(a)",
    "f = (a) => parseInt(a, 10)",
    [["12"], ["1.5"], ["x"], [""]],
  ],
  ["parse-int-radix", "f = (a) => Number.parseInt(a, )", "f = (a) => Number.parseInt(a, )", []],
  [
    "prefer-includes",
    "f = (a) => a.indexOf('x') !== -1",
    "f = (a) => a.includes('x')",
    [["axb"], [""], [["x"]]],
  ],
  [
    "prefer-includes",
    "f = (a) => a.indexOf('x') < 0 || 1",
    "f = (a) => !a.includes('x') || 1",
    [["axb"], [""]],
  ],
  [
    "prefer-includes",
    "f = (a) => !~a.indexOf('x')",
    "f = (a) => !a.includes('x')",
    [["axb"], [""]],
  ],
  [
    "prefer-includes",
    "f = (a) => !!~a.indexOf('x')",
    "f = (a) => a.includes('x')",
    [["axb"], [""]],
  ],
  [
    "explicit-string",
    "f = (a) => '' + a",
    "f = (a) => String(a)",
    [[1], [null], [undefined], [[1, 2]], ["x"]],
  ],
  ["explicit-string", "f = (a) => a.b + ''", "f = (a) => String(a.b)", [[{ b: 1 }], [{}]]],
  [
    "template-literal",
    "f = (a, b) => 'x' + a + ' y`${' + b",
    "f = (a, b) => `x${a} y\\`\\${${b}`",
    [
      [1, "z"],
      [null, 2],
    ],
  ],
  ["template-literal", 'f = (a) => a + "\'\\n"', "f = (a) => `${a}'\\n`", [[1], ["x"]]],
  [
    "number-test",
    "f = (a) => isNaN(Number(a))",
    "f = (a) => Number.isNaN(Number(a))",
    [["x"], [""], [null]],
  ],
  [
    "number-test",
    "f = (a) => Number.isFinite ? Number.isFinite(+a) : isFinite(+a)",
    "f = (a) => Number.isFinite(+a)",
    [["x"], ["1"]],
  ],
  [
    "finite-difference",
    "f = (a) => { if (typeof a === 'number') { return a - a === 0 } }",
    "f = (a) => { if (typeof a === 'number') { return Number.isFinite(a) } }",
    [[1], [Infinity], [NaN], ["1"]],
  ],
  [
    "buffer-from",
    "f = () => new Buffer('ä', 'latin1')",
    "f = () => Buffer.from('ä', 'latin1')",
    [],
  ],
  ["buffer-from", "f = () => new Buffer(8)", "f = () => Buffer.alloc(8)", []],
  [
    "replace-all",
    "f = (a) => a.replace(/\\./g, '$&-')",
    "f = (a) => a.replaceAll('.', '$&-')",
    [["a.b."], [""]],
  ],
  [
    "replace-all",
    "f = (a) => a.replace(/'/g, '')",
    "f = (a) => a.replaceAll('\\'', '')",
    [["a'b'"]],
  ],
  [
    "has-own",
    "f = (a) => a.hasOwnProperty('k')",
    "f = (a) => Object.prototype.hasOwnProperty.call(a, 'k')",
    [[{ k: 1 }], [{}]],
  ],
  [
    "starts-with",
    "f = (a) => a.charAt(0) === '/'",
    "f = (a) => a.startsWith('/')",
    [["/x"], [""], ["x/"]],
  ],
  [
    "starts-with",
    "f = (a) => a.slice(0, 2) !== 'ab'",
    "f = (a) => !a.startsWith('ab')",
    [["abc"], [""], ["a"]],
  ],
  [
    "starts-with",
    "f = (a) => a.slice(-3) === '.js'",
    "f = (a) => a.endsWith('.js')",
    [["a.js"], ["js"], [".js"]],
  ],
  [
    "trim-side",
    "f = (a) => a.trimLeft() + a.trimRight()",
    "f = (a) => a.trimStart() + a.trimEnd()",
    [[" x "]],
  ],
  ["throw-error", "f = () => { throw 'no' }", "f = () => { throw new Error('no') }", []],
  [
    "prefer-const",
    "f = (a) => { var b = a; return () => b }",
    "f = (a) => { const b = a; return () => b }",
    [],
  ],
  [
    "use-strict",
    "// why\nmodule.exports = 1\n",
    "// why\n'use strict';\n\nmodule.exports = 1\n",
    [],
  ],
  [
    "document-function",
    "function padLeft(str, width) {}\n",
    "/**\n * Pad left.\n *\n * @param {string} str\n * @param {*} width\n */\nfunction padLeft(str, width) {}\n",
    [],
  ],
  [
    "document-function",
    "export const twice = (n = 1) => n\n",
    "/**\n * Twice.\n *\n * @param {*} n\n */\nexport const twice = (n = 1) => n\n",
    [],
  ],
];

test.each(FIXES)(
  "%s turns `%s` into `%s` and the behaviour stays",
  (...[rule, before, after, inputs]) => {
    const path = before.startsWith("export") ? "file.mjs" : "file.cjs";
    expect(fixed(before, rule, path)).toBe(after);
    expect(parseSource(path, after)).toMatchObject({ ok: true });
    for (const input of inputs) expect(run(after, input)).toEqual(run(before, input));
  },
);

function run(text: string, input: unknown[]): unknown {
  return runInContext(
    `var f; ${text}; JSON.stringify(f(...input)) ?? 'undefined'`,
    createContext({ input }),
  );
}

test.each([
  ["strict-equality", "a == '1'"],
  ["strict-equality", "a == ''"],
  ["strict-equality", "a == null"],
  ["prefer-includes", "a.indexOf('x') === 0"],
  ["prefer-includes", "a.indexOf('x', 3) !== -1"],
  ["explicit-string", "'' + a + b"],
  ["explicit-string", "const String = 1; '' + a"],
  ["template-literal", "a + b + 'c'"],
  ["template-literal", "'a' + 'b'"],
  ["template-literal", "'\\07' + a"],
  ["number-test", "const isNaN = 1; isNaN(+a)"],
  ["replace-all", "a.replace(/\\d/g, '')"],
  ["replace-all", "a.replace(/a.c/g, '')"],
  ["replace-all", "a.replace(/a/gi, '')"],
  ["starts-with", "a.slice(0, 3) === 'ab'"],
  ["parse-int-radix", "parseInt(a, 16)"],
  ["parse-int-radix", "parseInt(...a)"],
  ["prefer-const", "{ var a = 1; a = 2 }"],
  ["prefer-const", "f(); var a = 1; function f() { return a }"],
  ["prefer-const", "{ var a = 1 } a"],
  ["prefer-const", "var a = 1; var a = 2"],
  ["prefer-const", "var a = 1; for (a of b) {}"],
  ["prefer-const", "var a = 1; [a] = b"],
  ["document-function", "/** why */\nfunction f(a) {}"],
  ["document-function", "function f() {}"],
  ["use-strict", "'use strict'\nmodule.exports = 1"],
  ["buffer-from", "class Buffer {} new Buffer('x')"],
  ["dynamic-regexp", "new RegExp('a')"],
  ["finite-difference", "a - a === 0"],
])("%s leaves `%s` alone", (rule, text) => {
  expect(matchesOf(text, "file.cjs").filter((match) => match.rule === rule)).toEqual([]);
});

test.each([
  ["no-substr", "a.substr(-3, 2)"],
  ["no-substr", "a.substr(b, 2)"],
  ["number-test", "isNaN(a)"],
  ["buffer-from", "new Buffer(a)"],
  ["legacy-escape", "unescape(a)"],
  ["dynamic-regexp", "new RegExp(a, 'g')"],
])("%s reports `%s` for a person to decide, and offers no fix", (rule, text) => {
  expect(matchesOf(text)).toMatchObject([{ rule, level: "report", replacements: [] }]);
});

test("every rule is seen to fire somewhere in these tests, and has words for people", () => {
  const seen = new Set([...FIXES.map(([rule]) => rule), "legacy-escape", "dynamic-regexp"]);
  expect(RULES.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  for (const rule of RULES) expect(`${rule.why} ${rule.check}`).toMatch(/^[`A-Z].*\. .*\.$/s);
});

test("TypeScript keeps its types, and a fix that would drop one is not offered", () => {
  const text =
    "const f = (a: string, b: number): string => '' + (a as any) + b\nexport const g = (a: string) => a == 'x'\n";
  const matches = matchesOf(text, "file.ts");
  const done = withReplacements(
    text,
    matches.flatMap(({ replacements }) => replacements),
  );
  expect(done).toContain("(a: string) => a === 'x'");
  expect(done).toContain("'' + (a as any) + b");
});

test("what cannot be parsed is said, not guessed", () => {
  expect(parseSource("a.js", "const = 1")).toMatchObject({
    ok: false,
    why: expect.stringContaining("Unexpected"),
  });
  expect(parseSource("a.ts", "enum A { B }")).toMatchObject({ ok: false });
});

const SOURCES = readdirSync(SAMPLE).map(
  (name) => [name, readFileSync(join(SAMPLE, name), "utf8")] as const,
);

test.each(SOURCES)("any choice of fixes leaves %s parseable", (name, text) => {
  const parses = property(subarray(matchesOf(text, name)), (some) => {
    const replacements = some.flatMap((match) => match.replacements);
    return parseSource(name, withReplacements(text, replacements)).ok;
  });
  expect(check(parses, { numRuns: 60 })).toMatchObject({ failed: false });
});

test("a fix is final: the fixed sample has none of the fixed patterns left", () => {
  for (const [name, text] of SOURCES) {
    const matches = matchesOf(text, name).filter(({ replacements }) => replacements.length > 0);
    const done = withReplacements(
      text,
      matches.flatMap(({ replacements }) => replacements),
    );
    const left = matchesOf(done, name).filter(({ level }) => level === "fix");
    expect(left.map(({ rule, line }) => `${name}:${line} ${rule}`)).toEqual([]);
  }
});

test("a fix after which the file would not parse is not offered, and the others are", () => {
  const octal = "module.exports = [010, '' + a]\n";
  const rules = matchesOf(octal, "file.cjs").map(({ rule }) => rule);
  expect(rules).toEqual(["explicit-string"]);
});
