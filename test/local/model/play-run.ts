// Runs an authored script over files in memory, every agent played by the demo's brain: the whole job without a product.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, matchesGlob } from "node:path";
import { compileFunction } from "node:vm";

import { z } from "zod";

import type { Json, JsonObject } from "../../../src/local/model/reply.ts";
import { Authored, Refuted, Review, Summary, type ReviewFinding } from "./shapes.ts";
import { playAgent, type Files } from "./play-agent.ts";

export const AUTHOR_SCHEMA: JsonObject = objectOf({
  title: TEXT(),
  summary: TEXT(),
  script: TEXT(),
});
const CHANGE_SCHEMA = objectOf({ summary: TEXT() });
export const REVIEW_SCHEMA: JsonObject = objectOf({
  verdict: { enum: ["accept", "reject"] },
  findings: {
    type: "array",
    items: objectOf({
      path: TEXT(),
      line: { type: "integer" },
      severity: { enum: ["blocking", "nit"] },
      title: TEXT(),
      claim: TEXT(),
      evidence: TEXT(),
    }),
  },
});
export const REFUTE_SCHEMA: JsonObject = objectOf({
  refuted: { type: "boolean" },
  evidence: TEXT(),
});

const Result: z.ZodType<Json> = z.json();
const Failed = z.object({ stdout: z.instanceof(Buffer) });

interface Change {
  id: string;
  files: Files;
  prompt: string;
  summary: string;
}

export interface Run {
  title: string;
  script: string;
  result: Json;
  logs: string[];
  finders: number;
  changes: Change[];
  /** In the order they were asked, of one change each. */
  reviews: { change: string; verdict: string; findings: ReviewFinding[] }[];
  combined: Change[];
  reports: Json[];
}

/** Author, finders, workers, reviewers, revisers; `combine` only collects. */
export async function playRun(task: string, files: Files): Promise<Run> {
  const paths = [...files.keys()].sort();
  const authored = playAgent({
    role: "author",
    task: ["Write a script.", ["Task", task], ["Files", paths.join("\n")]],
    files,
    answer: AUTHOR_SCHEMA,
  }).answer;
  const { script, title } = Authored.parse(authored);
  const run: Run = {
    title,
    script,
    result: null,
    logs: [],
    finders: 0,
    changes: [],
    reviews: [],
    combined: [],
    reports: [],
  };
  const body = script.replace(/^export /, "");
  const names = [
    "agent",
    "change",
    "review",
    "revise",
    "combine",
    "verify",
    "report",
    "repo",
    "parallel",
    "pipeline",
    "phase",
    "log",
  ];
  const main = compileFunction(`return (async () => {${body}\n})()`, names);
  const globals = new Map<string, unknown>(Object.entries(globalsFor(run, files)));
  run.result = Result.parse(await main(...names.map((name) => globals.get(name))));
  return run;
}

function globalsFor(run: Run, files: Files) {
  const base = (): Files => new Map(files);
  const review = (change: Change, options: { requirement: string; lenses: string[] }) => {
    const diff = diffOf(files, change.files);
    const votes = options.lenses.map((lens) => {
      const { answer } = playAgent({
        role: "reviewer",
        task: [
          "Review this.",
          ["Requirement", options.requirement],
          ["Diff", diff],
          `Lens: ${lens}\n\nJudge under this lens.`,
        ],
        files: change.files,
        answer: REVIEW_SCHEMA,
      });
      return Review.parse(answer);
    });
    const verdict = votes.every((vote) => vote.verdict === "accept") ? "accepted" : "rejected";
    const findings = votes.flatMap((vote) => vote.findings);
    run.reviews.push({ change: change.id, verdict, findings });
    return { verdict, findings, votes };
  };
  return {
    agent: async (prompt: string, { schema }: { schema: JsonObject }) => {
      run.finders++;
      return playAgent({ role: "worker", task: [prompt], files: base(), answer: schema }).answer;
    },
    change: async (prompt: string) => {
      const own = base();
      const { answer } = playAgent({
        role: "worker",
        task: [prompt],
        files: own,
        editable: true,
        answer: CHANGE_SCHEMA,
      });
      if (diffOf(files, own) === "") return null;
      const change = {
        id: `w${run.changes.length}`,
        files: own,
        prompt,
        summary: Summary.parse(answer).summary,
      };
      run.changes.push(change);
      return change;
    },
    review: async (change: Change, options: { requirement: string; lenses: string[] }) =>
      review(change, options),
    revise: async (change: Change, findings: Json) => {
      const own = new Map(change.files);
      const task = [
        "Answer each finding.",
        ["Requirement", change.prompt],
        ["Diff", diffOf(files, own)],
        ["Findings", JSON.stringify(findings, null, 2)],
      ] as const;
      playAgent({ role: "worker", task, files: own, editable: true, answer: CHANGE_SCHEMA });
      return diffOf(change.files, own) === "" ? null : { ...change, files: own };
    },
    combine: async (changes: Change[]) => {
      run.combined.push(...changes);
      return { combined: changes.map(({ id }) => id), conflicted: [] };
    },
    verify: async (claim: Json) => {
      const { answer } = playAgent({
        role: "reviewer",
        task: ["Try to refute it.", ["Claim", JSON.stringify(claim, null, 2)]],
        files,
        answer: REFUTE_SCHEMA,
      });
      return { verdict: Refuted.parse(answer).refuted ? "refuted" : "confirmed" };
    },
    report: async (value: Json) => void run.reports.push(value),
    repo: {
      files: async (glob: string) =>
        [...files.keys()].filter((path) => matchesGlob(path, glob)).sort(),
    },
    parallel: async (thunks: (() => Promise<unknown>)[]) =>
      Promise.all(thunks.map((thunk) => thunk())),
    pipeline: async (
      items: unknown[],
      ...stages: ((value: unknown, item: unknown, index: number) => unknown)[]
    ) =>
      Promise.all(
        items.map(async (item, index) => {
          let value: unknown = item;
          for (const stage of stages) value = await stage(value, item, index);
          return value;
        }),
      ),
    phase: () => {},
    log: (text: string) => run.logs.push(text),
  };
}

/** git's own diff of two states of the files. */
export function diffOf(before: Files, after: Files): string {
  const dir = mkdtempSync(join(tmpdir(), "fanfold-"));
  try {
    return [...after]
      .map(([path, text]) => fileDiff(dir, path, [before.get(path) ?? "", text]))
      .join("");
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function fileDiff(dir: string, path: string, [old, now]: readonly [string, string]): string {
  if (old === now) return "";
  writeFileSync(join(dir, "a"), old);
  writeFileSync(join(dir, "b"), now);
  try {
    execFileSync("git", ["diff", "--no-index", "--no-color", join(dir, "a"), join(dir, "b")]);
    return "";
  } catch (error) {
    const text = Failed.parse(error).stdout.toString("utf8");
    const hunks = text.slice(text.indexOf("@@"));
    return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks}`;
  }
}

function TEXT(): JsonObject {
  return { type: "string" };
}

function objectOf(properties: JsonObject): JsonObject {
  return { type: "object", required: Object.keys(properties), properties };
}
