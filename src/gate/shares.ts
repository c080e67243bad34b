// One model's budgets as all processes share them: who is leased how much, and until when nobody goes. Pure.

import { z } from "zod";

import type { ProviderLimits } from "../agent/model.ts";
import { MINUTE_MS, SHARE } from "./bucket.ts";

export const kinds = ["requests", "inputTokens", "outputTokens"] as const;
/** An amount of each of the provider's budgets. */
export type Quanta = Record<(typeof kinds)[number], number>;

const Quanta = z.object({
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
});
const Budget = z.object({ capacity: z.number(), level: z.number() });
const Entry = z.object({
  /** By kind; those that the provider has stated. */
  budgets: z.partialRecord(z.enum(kinds), Budget),
  /** When the levels were right. */
  at: z.number(),
  holders: z.record(
    z.string(),
    z.object({
      /** It has gone silent by then: what it holds is nobody's. */
      until: z.number(),
      installations: z.array(z.number()),
      /** What it holds, and took for turns that the provider has not counted. */
      outstanding: Quanta,
    }),
  ),
  cool: z.object({ until: z.number(), message: z.string().nullable(), by: z.string() }).nullable(),
});
type Entry = z.infer<typeof Entry>;

/** Between two leases of a process that has turns. */
export const LEASE_MS = 2_000;
/** A process that was not heard of for so long is gone. */
export const GONE_MS = 5 * LEASE_MS;

export interface Ask {
  /** Who asks, unlike any other process. */
  holder: string;
  /** Those whose turns wait or are under way here. */
  installations: readonly number[];
  /** What it could use until it asks again. */
  want: Quanta;
  /** What it has of earlier leases; below nothing when turns took more than was guessed. */
  held: Quanta;
  unseen: Quanta;
  /** What the provider stated last, and how long ago. */
  stated: { limits: ProviderLimits; agoMs: number } | null;
  /** The provider told this process to wait. */
  cool: { ms: number; message: string | null } | null;
}

export interface Leased {
  /** What it may use from now on, with what it had; a kind is left out while its limit is not known. */
  held: Partial<Quanta>;
  /** Its part of a full budget: a turn that needs more counts as so much. */
  most: Partial<Quanta>;
  /** What is refilled in a minute, for all. */
  perMinute: Partial<Quanta>;
  /** Somebody else was told to wait for so long. */
  cool: { ms: number; message: string | null } | null;
  processes: number;
}

/** Leases to one process what is there for it, and takes back what it does not want. */
export function lease(
  text: string | null,
  ask: Ask,
  now: number,
): { text: string; leased: Leased } {
  const before = synced(refilled(read(text, now), now), ask);
  const holders = { ...livingIn(before, now), [ask.holder]: holderOf(ask, now) };
  const part = partOf(ask, holders);
  const budgets: Entry["budgets"] = {};
  const leased: Leased = {
    held: {},
    most: {},
    perMinute: {},
    cool: null,
    processes: Object.keys(holders).length,
  };
  for (const kind of kinds) {
    const budget = before.budgets[kind];
    if (budget === undefined) continue;
    const most = budget.capacity * part;
    const more = Math.min(ask.want[kind], most) - ask.held[kind];
    const moved = more < 0 ? more : Math.min(more, Math.max(0, budget.level * part));
    leased.held[kind] = ask.held[kind] + moved;
    leased.most[kind] = most;
    leased.perMinute[kind] = budget.capacity;
    budgets[kind] = { ...budget, level: Math.min(budget.capacity, budget.level - moved) };
  }
  const cool = coolAfter(before, ask, now);
  if (cool !== null && cool.by !== ask.holder)
    leased.cool = { ms: cool.until - now, message: cool.message };
  const outstanding = sumOf(ask.unseen, leased.held);
  const entry: Entry = {
    budgets,
    at: now,
    holders: { ...holders, [ask.holder]: { ...holderOf(ask, now), outstanding } },
    cool,
  };
  return { text: JSON.stringify(entry), leased };
}

/** Unreadable is nothing: it was written by nobody of us. */
function read(text: string | null, now: number): Entry {
  const fresh: Entry = { budgets: {}, at: now, holders: {}, cool: null };
  if (text === null) return fresh;
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return fresh;
  }
}

function refilled(entry: Entry, now: number): Entry {
  const budgets: Entry["budgets"] = {};
  for (const kind of kinds) {
    const budget = entry.budgets[kind];
    if (budget === undefined) continue;
    const { capacity, level } = budget;
    const gained = (Math.max(0, now - entry.at) / MINUTE_MS) * capacity;
    budgets[kind] = { capacity, level: Math.min(capacity, level + gained) };
  }
  return { ...entry, budgets };
}

/** Of two opinions on what is left the lower one counts; what others hold is not left. */
function synced(entry: Entry, { stated, holder, held, unseen }: Ask): Entry {
  if (stated === null) return entry;
  const budgets = { ...entry.budgets };
  for (const kind of kinds) {
    const told = stated.limits[kind];
    if (told === null) continue;
    const capacity = told.limit * SHARE;
    const elsewhere = Object.entries(entry.holders)
      .filter(([name]) => name !== holder)
      .map(([, other]) => other.outstanding[kind]);
    const out = [...elsewhere, Math.max(0, held[kind]), unseen[kind]];
    const since = (stated.agoMs / MINUTE_MS) * told.limit;
    const left = told.remaining + since - (told.limit - capacity) - out.reduce((a, b) => a + b, 0);
    const level = Math.min(budgets[kind]?.level ?? capacity, left, capacity);
    budgets[kind] = { capacity, level };
  }
  return { ...entry, budgets };
}

const livingIn = ({ holders }: Entry, now: number): Entry["holders"] =>
  Object.fromEntries(Object.entries(holders).filter(([, { until }]) => until > now));

const holderOf = ({ installations, held, unseen }: Ask, now: number) => ({
  until: now + GONE_MS,
  installations: [...installations],
  outstanding: sumOf(unseen, held),
});

/** An installation counts once, over however many processes its runs are spread. */
function partOf({ holder, installations }: Ask, holders: Entry["holders"]): number {
  const all = Object.values(holders);
  // Counted first: with many processes of many installations, to look through all for each one is what a lease would cost.
  const processesOf = new Map<number, number>();
  for (const one of all.flatMap((each) => each.installations))
    processesOf.set(one, (processesOf.get(one) ?? 0) + 1);
  const mine = (holders[holder]?.installations ?? installations).reduce(
    (sum, one) => sum + 1 / (processesOf.get(one) ?? 1),
    0,
  );
  return processesOf.size === 0 ? 1 / all.length : mine / processesOf.size;
}

function coolAfter(entry: Entry, { cool, holder }: Ask, now: number): Entry["cool"] {
  const known = entry.cool !== null && entry.cool.until > now ? entry.cool : null;
  if (cool === null || (known !== null && known.until >= now + cool.ms)) return known;
  return { until: now + cool.ms, message: cool.message, by: holder };
}

const sumOf = (unseen: Quanta, held: Partial<Quanta>): Quanta => ({
  requests: unseen.requests + Math.max(0, held.requests ?? 0),
  inputTokens: unseen.inputTokens + Math.max(0, held.inputTokens ?? 0),
  outputTokens: unseen.outputTokens + Math.max(0, held.outputTokens ?? 0),
});
