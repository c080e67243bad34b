// The book of the day where several processes spend under the same caps: exact over all of them, by their board.

import type { Board } from "../world/board.ts";
import type { Clock } from "../world/clock.ts";
import { type DayBook, type DayCaps, dayKeyOf, type Payer, whose } from "./day-book.ts";
import type { Teller } from "./day-entry.ts";
import { SharedDay } from "./shared-day.ts";
import { type Account, CapReached, type Cost, type Reservation } from "./till.ts";

export interface SharedDayBookOptions {
  /** What this process's folder has spent. */
  own: DayBook;
  board: Board;
  clock: Clock;
  teller: () => Promise<Teller>;
}

/** Days kept, of each installation: turns that began before midnight are settled after it. */
const DAYS_KEPT_MS = 2 * 24 * 60 * 60_000;

/** Opens the book; nothing is read before somebody spends. */
export function openSharedDayBook({ own, board, clock, teller }: SharedDayBookOptions): DayBook {
  const days = new Map<string, { day: Promise<SharedDay>; renewsAt: number }>();
  const dayOf = (installation: number, renewsAt: number): Promise<SharedDay> => {
    for (const [key, each] of days) {
      if (each.renewsAt >= renewsAt - DAYS_KEPT_MS) continue;
      void each.day.then((day) => day.close());
      days.delete(key);
    }
    const key = `day/${renewsAt}/${installation}`;
    const opened = days.get(key) ?? {
      renewsAt,
      day: teller().then((named) => new SharedDay({ board, clock, teller: named, key })),
    };
    days.set(key, opened);
    return opened.day;
  };
  // On this disk before the others hear of it: what is set aside stands until then.
  const writing = new Set<Promise<void>>();
  const paid = async (payer: Payer, costUsd: number | null): Promise<void> => {
    if (costUsd === null || costUsd === 0) return;
    const written = own.write(payer, costUsd);
    writing.add(written);
    await written.finally(() => writing.delete(written));
  };
  return {
    // They are all on the board: the till of this process alone could not tell.
    accountsOf: async () => [],
    setAside: async ({ payer, caps }, cost, signal) => {
      const [first, ...rest] = await own.accountsOf(payer, caps);
      if (first === undefined) throw new Error("A payer has accounts.");
      const day = await dayOf(payer.installation, first.renewsAt ?? 0);
      return await setAside(day, { accounts: [first, ...rest], payer, caps, cost, paid }, signal);
    },
    // It is under way since it was settled.
    write: async () => void (await Promise.all(writing)),
    close: async () => {
      for (const { day } of days.values()) {
        const each = await day;
        await each.say();
        each.close();
      }
    },
  };
}

async function setAside(
  day: SharedDay,
  asked: {
    accounts: readonly Account[];
    payer: Payer;
    caps: DayCaps;
    cost: Cost;
    paid: (payer: Payer, costUsd: number | null) => Promise<void>;
  },
  signal: AbortSignal,
): Promise<Reservation> {
  const { accounts, payer, caps, cost, paid } = asked;
  const named = new Map(
    accounts.map((one, index) => [dayKeyOf(whose[index] ?? "user", payer), one]),
  );
  const capped = whose.flatMap((one) => {
    const capUsd = caps[one];
    return capUsd === null ? [] : [{ account: dayKeyOf(one, payer), capUsd }];
  });
  const got = await day.setAside(named, { caps: capped, cost }, signal);
  if ("kind" in got) {
    const account = named.get(got.account) ?? accounts[0];
    if (account === undefined) throw new Error("A payer has accounts.");
    const { name, renewsAt } = account;
    const cap = account.cap.bind(account);
    throw new CapReached({ name, renewsAt, cap, spentUsd: got.spentUsd, reservedUsd: 0 });
  }
  return {
    usd: got.usd,
    settle: (costUsd) => {
      // Also what comes after the first settling was spent. A disk that fails is told to whoever waits for `write`.
      paid(payer, costUsd).then(
        () => {
          for (const account of accounts) account.spentUsd += costUsd ?? 0;
          day.settle(got.grant);
        },
        () => undefined,
      );
    },
  };
}
