// What all processes have spent and set aside in one day of one installation, as it stands on their board. Pure.

import { z } from "zod";

import type { Cost } from "./till.ts";

const Usd = z.number().nonnegative();
const Entry = z.object({
  /** By account, then by data folder: what each of them has spent, in US dollars. */
  spent: z.record(z.string(), z.record(z.string(), Usd)),
  /** By process, then by account: what it has set aside. Of one that is lost it may be spent, and stays. */
  reserved: z.record(z.string(), z.record(z.string(), Usd)),
  /** Processes that are there, until when. */
  alive: z.record(z.string(), z.number()),
});
export type DayEntry = z.infer<typeof Entry>;

/** Who says something of the day. */
export interface Teller {
  /** The data folder: what it has spent outlives its process. */
  folder: string;
  process: string;
}

/** What one process knows of itself, by account. */
export interface Own {
  spent: Readonly<Record<string, number>>;
  reserved: Readonly<Record<string, number>>;
}

/** A process that was not heard of for so long is lost. */
export const LOST_MS = 30_000;

/** Unreadable is nothing: what each process has spent it says again. */
export function readDay(text: string | null): DayEntry {
  const empty = { spent: {}, reserved: {}, alive: {} };
  if (text === null) return empty;
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return empty;
  }
}

/** One process says what it has spent and set aside: sums, so that saying them twice changes nothing. */
export function withOwn(
  entry: DayEntry,
  { folder, process, ...own }: Teller & Own,
  now: number,
): DayEntry {
  const spent = { ...entry.spent };
  for (const [account, usd] of Object.entries(own.spent)) {
    const before = spent[account] ?? {};
    // What was said once was spent, also where the folder has forgotten it since.
    spent[account] = { ...before, [folder]: Math.max(before[folder] ?? 0, usd) };
  }
  const { [process]: _, ...others } = entry.reserved;
  const reserved =
    Object.keys(own.reserved).length === 0 ? others : { ...others, [process]: own.reserved };
  const alive = Object.fromEntries(Object.entries(entry.alive).filter(([, until]) => until > now));
  return { spent, reserved, alive: { ...alive, [process]: now + LOST_MS } };
}

/** An account with its cap in US dollars. */
export interface Capped {
  account: string;
  capUsd: number;
}

export type Decision =
  | { kind: "granted"; usd: number }
  /** There is room once somebody's turn is over. */
  | { kind: "waits" }
  | { kind: "reached"; account: string; spentUsd: number };

/** Whether a turn fits under caps, and how much of it: as the till of one process decides. */
export function decide(
  entry: DayEntry,
  { caps, cost }: { caps: readonly Capped[]; cost: Cost },
  now: number,
): Decision {
  const rooms = caps.map((capped) => ({ ...capped, ...standOf(entry, capped.account, now) }));
  const roomOf = ({ capUsd, spentUsd, reservedUsd }: (typeof rooms)[number]): number =>
    capUsd - spentUsd - reservedUsd;
  const tight = rooms.filter((one) => roomOf(one) < cost.mostUsd);
  if (tight.some(({ underWay }) => underWay)) return { kind: "waits" };
  const short = tight.find((one) => roomOf(one) < cost.leastUsd);
  if (short === undefined)
    return { kind: "granted", usd: Math.min(cost.mostUsd, ...tight.map(roomOf)) };
  const { account, spentUsd, reservedUsd } = short;
  return { kind: "reached", account, spentUsd: spentUsd + reservedUsd };
}

function standOf({ spent, reserved, alive }: DayEntry, account: string, now: number) {
  const spentUsd = sum(Object.values(spent[account] ?? {}));
  const own = Object.entries(reserved).map(([process, of]) => ({ process, usd: of[account] ?? 0 }));
  const underWay = own.some(({ process, usd }) => usd > 0 && (alive[process] ?? 0) > now);
  return { spentUsd, reservedUsd: sum(own.map(({ usd }) => usd)), underWay };
}

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);
