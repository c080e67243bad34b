// What agents, reviewers and people would answer, made up: each fits what the real step gives.

import { createHash } from "node:crypto";

import type { Call } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import type { Uses } from "../script/uses.ts";
import { standInFor } from "./stand-in/answer.ts";
import { type Mood, moodOf, type Profile } from "./stand-in/mood.ts";
import { seeded } from "./stand-in/seeded.ts";
import { textAnswer } from "./text-answer.ts";

/** Everything answers depend on; equal givens, equal answers. */
export interface AnswersGiven {
  seed: number;
  profile: Profile;
  uses: Uses;
  paths: readonly string[];
  /** How often a question was asked on the way to this call. */
  roundOf: (input: JsonObject, question: string, key: string) => number;
  /** Calls whose answer is another than the first, by key: the how many-th other. */
  variants: ReadonlyMap<string, number>;
  note: (message: string) => void;
}

/** Leanings of answers without a schema, one variant after the other. */
const LEANINGS = ["no", "yes", "bad", "mixed"] as const;

/** Answers by step. */
export type Answers = ReturnType<typeof createAnswers>;

/** Makes the answers of one run. */
// oxlint-disable-next-line max-lines-per-function -- one answer a step, all over the same givens
export function createAnswers(given: AnswersGiven) {
  const { uses, paths } = given;
  const variantOfCall = ({ key }: Call): number => given.variants.get(key) ?? 0;
  const firstMoodFor = (call: Call, question: string): Mood =>
    moodOf(given.profile, given.roundOf(call.input, question, call.key));
  const moodFor = (call: Call, question: string): Mood => {
    const mood = firstMoodFor(call, question);
    const variant = variantOfCall(call);
    if (variant === 0) return mood;
    return { ...mood, flags: LEANINGS[(variant - 1) % LEANINGS.length] ?? "mixed", turn: variant };
  };
  const seedOf = ({ key }: Call): string => `${given.seed}\n${given.profile}\n${key}`;

  function fromSchema(call: Call, schema: JsonObject): Json {
    const mood = firstMoodFor(call, JSON.stringify(schema));
    const variant = variantOfCall(call);
    const made = standInFor(schema, {
      seed: seedOf(call),
      mood,
      paths,
      words: uses.words,
      variant,
    });
    if (made.fits) return made.value;
    if (made.value === null)
      throw new StepFailed(`${call.step}(): no answer can fit its schema: ${made.why}`);
    given.note(`a stand-in for "${call.label ?? call.step}" does not fit its schema: ${made.why}`);
    return made.value;
  }

  function text(call: Call, prompt: string): string {
    const mood = moodFor(call, "text");
    return textAnswer(prompt, uses, { seed: seedOf(call), mood, paths, words: uses.words });
  }

  function changeOf(call: Call, result: Json): JsonObject {
    const { pick } = seeded(seedOf(call));
    const [first = "src/stand-in.js", ...more] = paths;
    const id = createHash("sha256").update(seedOf(call)).digest("hex");
    return {
      id: id.slice(0, 12),
      branch: `fanfold/preview/${id.slice(0, 12)}`,
      head: id.slice(0, 40),
      files: [{ path: pick([first, ...more]), additions: 3, deletions: 1 }],
      additions: 3,
      deletions: 1,
      summary: `Stand-in change for: ${call.label ?? call.step}`,
      result,
    };
  }

  /** Whether reviewers vote for it. */
  function isFor(call: Call): boolean {
    const { flags } = moodFor(call, call.step);
    if (flags === "mixed") return seeded(seedOf(call)).between(0, 2) > 0;
    return flags === "good" || flags === "yes";
  }

  return {
    agent: (
      call: Call,
      { prompt, schema }: { prompt: string; schema?: JsonObject | null | undefined },
    ): Json =>
      schema === undefined || schema === null ? text(call, prompt) : fromSchema(call, schema),
    change: (call: Call, { schema }: { schema?: JsonObject | null | undefined }): Json =>
      changeOf(call, schema === undefined || schema === null ? null : fromSchema(call, schema)),
    revise: (call: Call): Json => changeOf(call, null),
    review: (call: Call): Json => {
      const accepted = isFor(call);
      const [path = "src/stand-in.js"] = paths;
      const finding = {
        path,
        line: 2,
        severity: "blocking",
        title: "Stand-in finding",
        claim: "stand-in",
        evidence: "stand-in",
        lens: "correctness",
        inDiff: true,
      };
      const vote = { lens: "correctness", vote: accepted ? "for" : "against", reason: null };
      const findings = accepted ? [] : [finding];
      return { verdict: accepted ? "accepted" : "rejected", findings, votes: [vote] };
    },
    verify: (call: Call): Json => {
      const holds = isFor(call);
      const vote = { lens: "truth", vote: holds ? "for" : "against", reason: "stand-in" };
      return { verdict: holds ? "confirmed" : "refuted", votes: [vote] };
    },
    checks: (call: Call): Json => {
      const passed = isFor(call);
      const check = { name: "stand-in", url: null, log: passed ? null : "stand-in" };
      const said = passed
        ? { state: "passed", said: "success" }
        : { state: "failed", said: "failure" };
      const [verdict, head] = [passed ? "passed" : "failed", "0".repeat(40)];
      return { verdict, why: "stand-in", head, checks: [{ ...check, ...said }] };
    },
    combine: ({ changes }: { changes: readonly ({ id: string } | null)[] }): Json => ({
      combined: changes.flatMap((change) => change?.id ?? []),
      conflicted: [],
      refused: [],
    }),
    approve: (call: Call): Json => ({ approved: isFor(call), by: "stand-in", comment: "stand-in" }),
  };
}
