// What was spent today, by installation, repository and person: the accounts whose caps renew every day.

import { z } from "zod";

import type { Clock } from "../world/clock.ts";
import { type Disk, wholeLines } from "../world/disk.ts";
import type { Account, Cost, Reservation } from "./till.ts";

/** For whom money is spent. Numeric ids: names change hands. */
export interface Payer {
  installation: number;
  repository: number;
  user: number;
}

/** Caps in US dollars a day (UTC); null for none. */
export type DayCaps = { readonly [Whose in keyof Payer]: number | null };

/** A payer, with the caps that hold now. */
export interface Spender {
  payer: Payer;
  caps: DayCaps;
}

export interface DayBook {
  /** Today's accounts of one payer, for the till; none where others spend as well. The caps given last hold. */
  accountsOf(payer: Payer, caps: DayCaps): Promise<Account[]>;
  /**
   * Sets aside what a turn may cost where other processes spend under the same caps, between least and most. Waits for what
   * they have set aside; rejects with `CapReached`, or with the signal's reason. Each settling counts.
   */
  setAside(spender: Spender, cost: Cost, signal: AbortSignal): Promise<Reservation>;
  /** Puts what a turn cost on the disk, so that a restart does not forget it. */
  write(payer: Payer, costUsd: number): Promise<void>;
  close(): Promise<void>;
}

const Line = z.object({
  installation: z.int(),
  repository: z.int(),
  user: z.int(),
  usd: z.number().nonnegative(),
});

const names = {
  installation: "today's cap for everything Fanfold does here",
  repository: "today's cap for this repository",
  user: "today's cap for the person who asked",
} as const satisfies Record<keyof Payer, string>;
export const whose = ["installation", "repository", "user"] as const;

interface DayAccount extends Account {
  capUsd: number | null;
}

/** Opens the book: a file a day, a line of JSON for each turn that cost something. */
export function openDayBook(disk: Disk, clock: Pick<Clock, "now">): DayBook {
  let today: { date: string; read: Promise<Day> } | null = null;
  const fileOf = (date: string): string => `spend/${date}.jsonl`;

  // The accounts of the day before are let go; what is under way is settled on them, where it was set aside.
  function readToday(): Promise<Day> {
    const date = dateOf(clock.now());
    if (today?.date !== date) {
      const day = { accounts: new Map(), renewsAt: Date.parse(date) + DAY_MS };
      today = { date, read: readDay(day, disk, fileOf(date)) };
    }
    return today.read;
  }

  return {
    async accountsOf(payer, caps) {
      const day = await readToday();
      return whose.map((one) => {
        const account = accountIn(day, one, payer);
        account.capUsd = caps[one];
        return account;
      });
    },
    // Nobody else spends: the till has all accounts.
    setAside: async (_, { mostUsd }) => ({ usd: mostUsd, settle: () => {} }),
    close: async () => {},
    write: (payer, usd) =>
      disk.append(fileOf(dateOf(clock.now())), `${JSON.stringify({ ...payer, usd })}\n`),
  };
}

interface Day {
  accounts: Map<string, DayAccount>;
  renewsAt: number;
}

async function readDay(day: Day, disk: Disk, path: string): Promise<Day> {
  const whole = await wholeLines(disk, path);
  for (const line of whole.toString("utf8").split("\n").slice(0, -1)) {
    const { usd, ...payer } = parseLine(line, path);
    for (const one of whose) accountIn(day, one, payer).spentUsd += usd;
  }
  return day;
}

function parseLine(line: string, path: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(
      `What was spent today cannot be read from ${path}, so no agent starts. Move the file away to begin the day at nothing.`,
      { cause },
    );
  }
}

function accountIn({ accounts, renewsAt }: Day, one: keyof Payer, payer: Payer): DayAccount {
  const key = dayKeyOf(one, payer);
  const known = accounts.get(key);
  if (known !== undefined) return known;
  const account: DayAccount = {
    name: names[one],
    renewsAt,
    capUsd: null,
    cap: () => account.capUsd,
    spentUsd: 0,
    reservedUsd: 0,
  };
  accounts.set(key, account);
  return account;
}

// The same person has a cap of their own in each installation: others do not pay for them.
export function dayKeyOf(one: keyof Payer, payer: Payer): string {
  return `${payer.installation}/${one}/${payer[one]}`;
}

const DAY_MS = 24 * 60 * 60_000;

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
