import { expect, test } from "vitest";

import { DEMO_LABEL } from "../../../src/local/model/label.ts";
import { playAgent, type AgentOptions, type Files } from "./play-agent.ts";
import { Review, Synthesis } from "./shapes.ts";
import { diffOf, REFUTE_SCHEMA, REVIEW_SCHEMA } from "./play-run.ts";

const PADS = "// one\nexport const pad = (a) => '' + a\n".repeat(1);
const BEFORE = [
  "export function name(user) {",
  "  if (typeof user.name == 'string') return user.name.substr(0, 10)",
  "  return ''",
  "}",
  "",
  "export const has = (list, one) => list.indexOf(one) !== -1",
  "",
].join("\n");

function files(entries: Record<string, string>): Files {
  return new Map(Object.entries(entries));
}

function work(task: AgentOptions["task"], own: Files, more: Partial<AgentOptions> = {}) {
  return playAgent({ role: "worker", task, files: own, editable: true, ...more });
}

function review(before: Files, after: Files, more: { requirement?: string; lens?: string } = {}) {
  const { answer } = playAgent({
    role: "reviewer",
    task: [
      "Try to reject this.",
      ["Requirement", more.requirement ?? "Make it better."],
      ["Diff", diffOf(before, after)],
      ...(more.lens === undefined ? [] : [`Lens: ${more.lens}\n\nJudge under this lens.`]),
    ],
    files: after,
    answer: REVIEW_SCHEMA,
  });
  return Review.parse(answer);
}

test("a worker changes the named places and nothing else", () => {
  const own = files({ "src/a.js": BEFORE, "src/b.js": PADS });
  const { answer } = work(["Do it.\n- src/a.js:2 (no-substr) Deprecated"], own);
  expect(own.get("src/a.js")).toBe(BEFORE.replace(".substr(", ".slice("));
  expect(own.get("src/b.js")).toBe(PADS);
  expect(answer).toContain("src/a.js:2");
  expect(answer).toContain(DEMO_LABEL);
});

test("a worker told only the file finds the places itself", () => {
  const own = files({ "src/a.js": BEFORE, "src/b.js": PADS });
  work(["Migrate src/a.js: modern string methods. Touch no other file."], own);
  expect(own.get("src/a.js")).toContain("=== 'string') return user.name.slice(0, 10)");
  expect(own.get("src/a.js")).toContain("list.includes(one)");
  expect(own.get("src/b.js")).toBe(PADS);
});

test("a worker edits the right one of two equal lines, and files that end their lines with CRLF", () => {
  const line = "export const a = (x) => '' + x";
  const twice = [
    line,
    "",
    line.replace("a =", "b ="),
    "f(() => { g('' + x) })",
    "h()",
    "f(() => { g('' + x) })",
    "",
  ];
  const own = files({ "a.js": twice.join("\n"), "b.js": twice.join("\r\n") });
  work(["- a.js:6 (explicit-string) x\n- b.js:6 (explicit-string) x"], own);
  const wanted = twice.with(5, "f(() => { g(String(x)) })");
  expect(own.get("a.js")).toBe(wanted.join("\n"));
  expect(own.get("b.js")).toBe(wanted.join("\r\n"));
});

test("a place beyond the first page of a long file is reached", () => {
  const long = `${"// filler\n".repeat(95)}export const a = (x) => '' + x\n`;
  const own = files({ "long.js": long });
  work(["- long.js:96 (explicit-string) x"], own);
  expect(own.get("long.js")).toContain("String(x)");
});

test("a worker that finds nothing to change changes nothing and says so", () => {
  const own = files({ "a.js": "export const one = 1\n", "logo.png": "" });
  const { answer, calls } = work(["Fix unsafe string handling"], own);
  expect(answer).toMatch(/^Changed nothing: /);
  expect(calls.some(({ name }) => name === "edit_file")).toBe(false);
});

test("a place that is no longer there and a file that is missing do no harm", () => {
  const own = files({ "a.js": "export const one = 1\n" });
  const { answer } = work(["- a.js:1 (no-substr) x\n- gone.js:3 (no-substr) y"], own);
  expect(own.get("a.js")).toBe("export const one = 1\n");
  expect(answer).toMatch(/^Changed nothing/);
});

test("the worker of part 1 leaves the old line behind, is rejected on that line, revised and accepted; part 2 is not", () => {
  const before = files({ "src/a.js": BEFORE });
  const prompt =
    "Part 1 of 3. Change these places:\n- src/a.js:2 (no-substr) x\n- src/a.js:2 (strict-equality) x";
  const first = new Map(before);
  work([prompt], first);
  expect(first.get("src/a.js")).toContain("// was: if (typeof user.name == 'string')");
  const rejected = review(before, first, { requirement: prompt });
  expect(rejected).toMatchObject({
    verdict: "reject",
    findings: [{ path: "src/a.js", line: 2, severity: "blocking" }],
  });

  const revised = new Map(first);
  work(
    [
      "Answer each finding.",
      ["Requirement", prompt],
      ["Diff", diffOf(before, first)],
      ["Findings", JSON.stringify(rejected.findings)],
    ],
    revised,
  );
  expect(revised.get("src/a.js")).toBe(BEFORE.replace("==", "===").replace(".substr(", ".slice("));
  expect(review(before, revised, { requirement: prompt }).verdict).toBe("accept");

  const second = new Map(before);
  work([prompt.replace("Part 1", "Part 2")], second);
  expect(second.get("src/a.js")).toBe(revised.get("src/a.js"));
});

test("the left-behind line is never put into the middle of a text", () => {
  const text = "export const a = `\n${b.indexOf('x') !== -1}\n`\n";
  const own = files({ "a.js": text });
  work(["Part 1 of 3.\n- a.js:2 (prefer-includes) x"], own);
  expect(own.get("a.js")).toBe("export const a = `\n${b.includes('x')}\n`\n");
});

test("a reviewer accepts a good change with one true remark on a changed line, under the lens that owns it", () => {
  const before = files({ "src/a.js": BEFORE });
  const after = files({
    "src/a.js": BEFORE.replace("list.indexOf(one) !== -1", "list.includes(one)"),
  });
  const found = review(before, after, { lens: "correctness" });
  expect(found).toMatchObject({
    verdict: "accept",
    findings: [{ path: "src/a.js", line: 6, severity: "nit" }],
  });
  expect(found.findings[0]?.evidence).toContain(
    "before: export const has = (list, one) => list.indexOf(one) !== -1",
  );
  expect(found.findings[0]?.claim).toContain(DEMO_LABEL);
  expect(review(before, after, { lens: "security" })).toEqual({ verdict: "accept", findings: [] });
  expect(review(before, after, { lens: "side effects" })).toEqual({
    verdict: "accept",
    findings: [],
  });
});

test.each([
  ["a syntax error", BEFORE.replace("return ''", "return '"), "The file no longer parses"],
  [
    "a debugger",
    BEFORE.replace("  return ''", "  debugger\n  return ''"),
    "A debugger statement left behind",
  ],
  [
    "a print",
    BEFORE.replace("  return ''", "  console.log(user)\n  return ''"),
    "A debug print left behind",
  ],
  [
    "old code as a comment",
    BEFORE.replace("  return ''", "  // return null;\n  // x = f(1);\n  return ''"),
    "Commented-out code left behind",
  ],
])("a reviewer rejects %s on a line of the diff", (_, text, title) => {
  const before = files({ "src/a.js": BEFORE });
  const after = files({ "src/a.js": text });
  const found = review(before, after, { lens: "side effects" });
  expect(found.verdict).toBe("reject");
  expect(found.findings.at(-1)).toMatchObject({ severity: "blocking", title });
  const shown = diffOf(before, after)
    .split("\n")
    .filter((line) => line.startsWith("+")).length;
  expect(shown).toBeGreaterThan(1);
});

test("a reviewer rejects a change that leaves a required place as it was", () => {
  const before = files({ "src/a.js": BEFORE });
  const after = files({ "src/a.js": BEFORE.replace(".substr(", ".slice(") });
  const requirement = "Both:\n- src/a.js:2 (no-substr) x\n- src/a.js:6 (prefer-includes) y";
  const found = review(before, after, { requirement });
  expect(found).toMatchObject({
    verdict: "reject",
    findings: [{ path: "src/a.js", title: "A required place was not changed" }],
  });
  expect(found.findings[0]?.claim).toContain("line 6");
});

test("what this parser could not read before either is not held against a change", () => {
  const before = files({ "a.js": "const a = <b>old</b>\n" });
  const after = files({ "a.js": "const a = <b>new</b>\n" });
  expect(review(before, after).verdict).toBe("accept");
});

test("a change to a file that is no source is accepted, and the remark says what was not checked", () => {
  const found = review(files({ "README.md": "old\n" }), files({ "README.md": "new\n" }));
  expect(found).toMatchObject({ verdict: "accept", findings: [{ path: "README.md", line: 1 }] });
  expect(found.findings[0]?.claim).toContain("checked nothing else");
});

test.each([
  [{ path: "src/a.js", line: 2, title: "substr" }, false],
  [{ path: "src/a.js", line: 3, title: "substr" }, true],
  [{ path: "src/gone.js", line: 2, title: "substr" }, true],
  ["src/a.js:6 indexOf", false],
  ["something is wrong somewhere", true],
])("a claim stands only if the pattern is really there: %j", (claim, refuted) => {
  const { answer } = playAgent({
    role: "reviewer",
    task: [
      "Try to refute it.",
      ["Claim", typeof claim === "string" ? claim : JSON.stringify(claim, null, 2)],
    ],
    files: files({ "src/a.js": BEFORE }),
    answer: REFUTE_SCHEMA,
  });
  expect(answer).toMatchObject({ refuted, evidence: expect.stringContaining(DEMO_LABEL) });
});

const AUDIT = {
  type: "object",
  required: ["read", "findings"],
  properties: {
    read: { type: "array", items: { type: "string" } },
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "line", "severity", "title", "evidence"],
        properties: {
          path: { type: "string" },
          line: { type: "integer" },
          severity: { type: "string", enum: ["high", "medium", "low"] },
          title: { type: "string" },
          evidence: { type: "string" },
        },
      },
    },
  },
};

test("a finder reads what it is given, paths with spaces and letters included, and fills the schema it was given", () => {
  const path = 'src/Größen und "Maße".js';
  const own = files({ [path]: BEFORE, "src/other.js": PADS });
  const { answer, calls } = work([`Audit these files for: strings.\n- ${path}`], own, {
    editable: false,
    answer: AUDIT,
  });
  expect(answer).toMatchObject({
    read: [path],
    findings: [
      {
        path,
        line: 2,
        severity: "medium",
        evidence: "if (typeof user.name == 'string') return user.name.substr(0, 10)",
      },
      { path, line: 2 },
      { path, line: 6, title: "`indexOf` used as a yes-or-no question" },
    ],
  });
  expect(calls.filter(({ name }) => name === "read_file")).toHaveLength(1);
});

test("a finder that may edit but is asked to look does not edit", () => {
  const own = files({ "a.js": BEFORE });
  work(["List the files that use substr."], own);
  expect(own.get("a.js")).toBe(BEFORE);
});

test("a finder given a diff speaks of its added lines only", () => {
  const before = files({ "a.js": BEFORE });
  const after = files({ "a.js": `${BEFORE}export const b = [].map((x) => x.trimLeft())\n` });
  const patch = diffOf(before, after).split("\n").slice(3).join("\n");
  const { answer } = work(
    [`Review this pull request for correctness.\n\n--- a.js (modified)\n${patch}`],
    after,
    { editable: false, answer: AUDIT },
  );
  expect(answer).toMatchObject({ findings: [{ line: 7, title: "Deprecated `trimLeft`" }] });
});

test("an inventory gets the files that have something, and only those", () => {
  const own = files({
    "a.js": BEFORE,
    "b.js": "export {}\n",
    "lib/c.ts": "export const a = (x: string) => x == 'y'\n",
  });
  const { answer } = work(["Which of these files must change?\n- a.js\n- b.js\n- lib/c.ts"], own, {
    editable: false,
    answer: {
      type: "object",
      required: ["files"],
      properties: {
        files: { type: "array", items: { type: "string" } },
        notes: { type: "string" },
      },
    },
  });
  expect(answer).toMatchObject({ files: ["a.js", "lib/c.ts"] });
});

test("any schema gets an answer of its form", () => {
  const { answer } = work(["Judge a.js."], files({ "a.js": BEFORE }), {
    editable: false,
    answer: {
      type: "object",
      required: ["verdict", "score", "good", "nested", "kinds"],
      properties: {
        verdict: { enum: ["keep", "drop"] },
        score: { type: "integer", minimum: 3 },
        good: { type: "boolean" },
        nested: { $ref: "#/$defs/inner" },
        kinds: { type: "array", minItems: 1, items: { type: "string" } },
      },
      $defs: {
        inner: {
          type: "object",
          required: ["text"],
          properties: { text: { type: "string", minLength: 5 } },
        },
      },
    },
  });
  expect(answer).toMatchObject({
    verdict: expect.stringMatching(/^(keep|drop)$/),
    score: 3,
    good: false,
    nested: { text: expect.stringMatching(/.{5}/) },
    kinds: [expect.any(String)],
  });
});

test("a synthesizer says only what the facts hold", () => {
  const facts = {
    task: "make strings safe",
    changes: [
      { id: "w1", label: "fix a", files: [{ path: "src/a.js" }], verdict: "accepted" },
      { id: "w2", label: "fix b", files: ["src/b.js"], verdict: "rejected" },
    ],
  };
  const { answer } = playAgent({
    role: "synthesizer",
    task: ["A run has ended.", ["Facts", JSON.stringify(facts, null, 2)]],
    files: files({}),
    answer: {
      type: "object",
      required: ["title", "summary", "risks"],
      properties: {
        title: { type: "string" },
        summary: { type: "string" },
        risks: { type: "string" },
      },
    },
  });
  const said = Synthesis.parse(answer);
  expect(said.title).toBe("Make strings safe");
  expect(said.summary).toContain("2 changes in 2 files");
  expect(said.summary).toContain("`src/a.js`");
  expect(said.summary).toContain(DEMO_LABEL);
  expect(said.risks).toContain("fix b");
});

test("an agent with somebody's own system prompt and no finish tool still ends with a text", () => {
  const { answer } = work(["Find what is wrong in a.js."], files({ "a.js": BEFORE }), {
    editable: false,
  });
  expect(answer).toMatch(/^Read 1 files and found 3 places\./);
});

test("a finder reads many long files side by side, in as many turns as the longest needs", () => {
  const long = `${"// filler\n".repeat(95)}export const a = (x) => '' + x\n`;
  const own = files(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.js`, long])),
  );
  const { answer, turns } = work(["Audit every file."], own, { editable: false, answer: AUDIT });
  expect(turns).toBeLessThanOrEqual(6);
  expect(answer).toMatchObject({ read: { length: 20 } });
});

test("a removed line takes its line end with it, in the middle and at the end of a file", () => {
  const own = files({ "a.js": "one()\n// was: two()\nthree()\n// was: four()\n" });
  const findings = [2, 4].map((line) => ({
    path: "a.js",
    line,
    title: "Commented-out code left behind",
  }));
  work(["Answer each finding.", ["Findings", JSON.stringify(findings)]], own);
  expect(own.get("a.js")).toBe("one()\nthree()\n");
});
