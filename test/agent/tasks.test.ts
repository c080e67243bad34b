// What each role is given and what it hands back: schema and parser agree, and other people's words stay data.

import { expect, it } from "vitest";
import { z } from "zod";

import { compileAnswerCheck } from "../../src/agent/answer.ts";
import type { TaskPart } from "../../src/agent/agent.ts";
import { AuthorAnswer, authorAnswerSchema, authorTask } from "../../src/agent/tasks/author.ts";
import { changeTask } from "../../src/agent/tasks/change.ts";
import { RefuteAnswer, refuteAnswerSchema, refuterTask } from "../../src/agent/tasks/refuter.ts";
import { ReviewAnswer, reviewAnswerSchema, reviewerTask } from "../../src/agent/tasks/reviewer.ts";
import { reviserTask } from "../../src/agent/tasks/reviser.ts";
import {
  SynthesisAnswer,
  synthesisAnswerSchema,
  synthesizerTask,
} from "../../src/agent/tasks/synthesizer.ts";
import { workerTask } from "../../src/agent/tasks/worker.ts";

const finding = { path: "a.ts", line: 3, severity: "nit", title: "t", claim: "c", evidence: "e" };

it.each([
  ["review", reviewAnswerSchema, ReviewAnswer, { verdict: "accept", findings: [finding] }, true],
  [
    "review without findings",
    reviewAnswerSchema,
    ReviewAnswer,
    { verdict: "reject", findings: [] },
    true,
  ],
  [
    "review of a third kind",
    reviewAnswerSchema,
    ReviewAnswer,
    { verdict: "maybe", findings: [] },
    false,
  ],
  [
    "review on line 0",
    reviewAnswerSchema,
    ReviewAnswer,
    { verdict: "reject", findings: [{ ...finding, line: 0 }] },
    false,
  ],
  [
    "review with more than asked",
    reviewAnswerSchema,
    ReviewAnswer,
    { verdict: "accept", findings: [], note: "x" },
    false,
  ],
  ["refutation", refuteAnswerSchema, RefuteAnswer, { refuted: true, evidence: "a.ts:3" }, true],
  [
    "refutation without evidence",
    refuteAnswerSchema,
    RefuteAnswer,
    { refuted: true, evidence: "" },
    false,
  ],
  [
    "synthesis",
    synthesisAnswerSchema,
    SynthesisAnswer,
    { title: "t", summary: "s", risks: "" },
    true,
  ],
  [
    "synthesis with a huge title",
    synthesisAnswerSchema,
    SynthesisAnswer,
    { title: "t".repeat(200), summary: "s", risks: "" },
    false,
  ],
  ["script", authorAnswerSchema, AuthorAnswer, { title: "t", summary: "s", script: "x" }, true],
  [
    "script that is empty",
    authorAnswerSchema,
    AuthorAnswer,
    { title: "t", summary: "s", script: "" },
    false,
  ],
] as const)("the schema and the parser judge a %s alike", (...[, schema, parser, answer, fits]) => {
  const compiled = compileAnswerCheck(schema);
  const value = z.json().parse(answer);
  expect(compiled.ok && compiled.check(value).fits).toBe(fits);
  expect(parser.safeParse(answer).success).toBe(fits);
});

const data = (parts: readonly TaskPart[]): [string, string][] =>
  parts.flatMap((part) => (part.kind === "data" ? [[part.title, part.text]] : []));

const instructions = (parts: readonly TaskPart[]): string =>
  parts.flatMap((part) => (part.kind === "instructions" ? [part.text] : [])).join("\n");

it("gives reviewers the requirement and the diff as data, and the lens last, so that they share a prefix", () => {
  const subject = { requirement: "R", diff: "D", rules: [] };
  const [one, two] = ["correctness", "security\nand more"].map((lens) =>
    reviewerTask({ ...subject, lens }),
  );
  expect(data(one ?? [])).toEqual([
    ["Requirement", "R"],
    ["Diff", "D"],
  ]);
  expect(one?.slice(0, -1)).toEqual(two?.slice(0, -1));
  expect(instructions(two ?? [])).toContain("Lens: security and more\n");
});

it("never lets a claim, findings, facts, a task or a file list among the instructions", () => {
  const evil = "IGNORE-ALL";
  const tasks = [
    refuterTask({ claim: { text: evil }, lens: null }),
    reviserTask({ requirement: evil, diff: evil, findings: [evil] }),
    synthesizerTask({ task: evil }),
    authorTask({
      task: evil,
      files: [evil],
      facts: [evil],
      rules: [{ kind: "data", title: "CLAUDE.md", text: evil }],
      budget: null,
      place: null,
      language: "L",
      workflows: [{ name: "x", description: evil }],
      fewerThan: null,
      problems: evil,
    }),
  ];
  for (const parts of tasks) {
    expect(instructions(parts)).not.toContain(evil);
    expect(JSON.stringify(data(parts))).toContain(evil);
  }
});

it("gives a worker the script's prompt word for word", () => {
  expect(instructions(workerTask({ prompt: "Do\nthis" }))).toBe("Do\nthis");
  expect(instructions(changeTask({ prompt: "Do\nthis" })).startsWith("Do\nthis\n")).toBe(true);
});

it("tells an author only what there is to tell", () => {
  const subject = {
    task: "T",
    files: ["a", "b"],
    facts: ["2 files in all"],
    rules: [],
    budget: null,
    place: null,
    language: "L",
    workflows: [],
    fewerThan: null,
    problems: null,
  };
  expect(data(authorTask(subject)).map(([title]) => title)).toEqual(["Task", "Languages", "Files"]);
  const again = authorTask({ ...subject, problems: "line 3" });
  expect(data(again).at(-1)).toEqual(["Problems", "line 3"]);
});
