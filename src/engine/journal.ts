// The journal: what happened in a run, append-only, one line of JSON an entry.

import { z } from "zod";

import { isJson } from "./is-json.ts";
import type { Json } from "./json.ts";

const json = z.custom<Json>(isJson, "a value is not JSON");

const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative(),
  cacheWriteTokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative().nullable(),
});

const Outcome = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: json }),
  z.object({ ok: z.literal(false), error: z.object({ name: z.string(), message: z.string() }) }),
]);

const CallStarted = z.object({
  v: z.literal(1),
  kind: z.literal("call-started"),
  key: z.string(),
  step: z.string(),
  label: z.string().nullable(),
  phase: z.string().nullable(),
  /** Milliseconds since 1970, from the clock port. */
  at: z.number(),
});

const CallEnded = z.object({
  v: z.literal(1),
  kind: z.literal("call-ended"),
  key: z.string(),
  step: z.string(),
  /** Null for a recomputed step: only its place in the order is recorded. */
  outcome: Outcome.nullable(),
  usage: Usage.optional(),
  record: json.optional(),
  /** Agents it started beyond those its step announces. */
  moreAgents: z.int().positive().optional(),
  at: z.number(),
});

/** One entry of the journal. Version 1; a change of shape is a new version beside this one, never in its place. */
export const Entry = z.discriminatedUnion("kind", [CallStarted, CallEnded]);
export type Entry = z.infer<typeof Entry>;
export type CallStarted = z.infer<typeof CallStarted>;
export type CallEnded = z.infer<typeof CallEnded>;

/** Where entries go. Resolves when they are durable; only then may the script see the outcome. */
export type Append = (entries: Entry[]) => Promise<void>;
