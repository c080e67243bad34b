// What is remembered of a repository's schedules, on every machine: the shape of what stands in the hidden ref.

import { z } from "zod";

import { Ledger, emptyLedger } from "../audit/ledger.ts";
import { limits } from "../config/limits.ts";

const Person = z.object({ id: z.int(), login: z.string() });

/** What happened, for people: a start, or why there was none. */
const Event = z.object({
  at: z.number(),
  what: z.enum(["started", "ended", "skipped", "missed", "held", "paused", "resumed"]),
  /** A sentence in Markdown, harmless already. */
  detail: z.string(),
  run: z.string().nullable().default(null),
});
export type Event = z.infer<typeof Event>;

/** What a schedule was set up with: anything else asks a person first. */
const Pin = z.object({
  /** Digest of its lines. */
  definition: z.string(),
  owner: Person,
  script: z.object({ sha256: z.string(), origin: z.enum(["repository", "built-in"]) }),
});
export type Pin = z.infer<typeof Pin>;

const Current = z.object({
  run: z.string(),
  tick: z.number(),
  requester: Person,
  /** The script that it may run. */
  script: z.string(),
  /** Digest of the files in scope. */
  scope: z.string(),
  claimedAt: z.number(),
});
export type Current = z.infer<typeof Current>;

const News = z.object({
  /** The newest run that it is of. */
  run: z.string(),
  /** Whether findings were looked for, so that code scanning has to know. */
  hasReport: z.boolean(),
  /** Whether there are findings for which a closed issue is opened again. */
  isFresh: z.boolean(),
});
export type News = z.infer<typeof News>;

export const ScheduleState = z.object({
  v: z.literal(1),
  /** Moments up to here are settled. */
  seenUntil: z.number(),
  pin: Pin.nullable(),
  /** Why a person has to say something first; null when nobody has to. */
  asks: z.object({ why: z.string(), at: z.number() }).nullable(),
  paused: z.object({ by: Person, at: z.number() }).nullable(),
  /** The run that was started and whose end is not in the report yet. */
  current: Current.nullable(),
  /** The newest that came to its end. */
  last: z.object({ run: z.string(), at: z.number(), scope: z.string() }).nullable(),
  lastPull: z.int().nullable(),
  /** Runs whose ends are in the report, in the order in which they came there. */
  told: z.array(z.string()),
  /** When those were created; an earlier version did not note it. */
  toldAt: z.record(z.string(), z.number()).default({}),
  /** Runs that were created up to then are told, and not each one's id is kept. */
  toldBefore: z.number().default(0),
  /** People's words that started a run of it, the newest ones: each starts one, however often it is heard. */
  said: z.array(z.object({ word: z.string(), run: z.string() })).default([]),
  /** What is in the report and nobody was told yet; null when everybody was. */
  news: News.nullable().default(null),
  events: z.array(Event),
  issue: z.int().nullable(),
  /** False where its findings are for code scanning alone. */
  showsFindings: z.boolean().default(true),
  /** When it was seen that the settings have it no more; null while they do. */
  retiredAt: z.number().nullable().default(null),
  ledger: Ledger,
});
export type ScheduleState = z.infer<typeof ScheduleState>;

/** Of a schedule that is seen for the first time: nothing before this moment is missed. */
export const freshState = (now: number): ScheduleState => ({
  v: 1,
  seenUntil: now,
  pin: null,
  asks: null,
  paused: null,
  current: null,
  last: null,
  lastPull: null,
  told: [],
  toldAt: {},
  toldBefore: 0,
  said: [],
  news: null,
  events: [],
  issue: null,
  showsFindings: true,
  retiredAt: null,
  ledger: emptyLedger,
});

/** With one more event, the same words about the same thing only once in a row. */
export function withEvent(
  state: ScheduleState,
  event: Omit<Event, "run"> & { run?: string },
): ScheduleState {
  const { events } = state;
  const last = events.at(-1);
  const isAgain = last !== undefined && last.what === event.what && last.detail === event.detail;
  const before = isAgain && event.run === undefined ? events.slice(0, -1) : events;
  const kept = [...before, { run: null, ...event }].slice(-limits.schedule.eventsKept);
  return { ...state, events: kept };
}

/** Of a whole repository. */
export interface RepositoryState {
  schedules: ReadonlyMap<string, ScheduleState>;
  board: BoardState;
}

/** The dashboard: its issue, and what boxes that were ticked lately came to. */
export const BoardState = z.object({
  v: z.literal(1),
  issue: z.int().nullable(),
  notes: z.array(z.object({ at: z.number(), text: z.string() })).default([]),
});
export type BoardState = z.infer<typeof BoardState>;

export const emptyState: RepositoryState = {
  schedules: new Map(),
  board: { v: 1, issue: null, notes: [] },
};
