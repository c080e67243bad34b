// One day of one installation, of which this process is one of several that spend.

import { type Board, BoardAway } from "../world/board.ts";
import type { Clock } from "../world/clock.ts";
import {
  type Capped,
  type DayEntry,
  decide,
  type Decision,
  LOST_MS,
  type Own,
  readDay,
  type Teller,
  withOwn,
} from "./day-entry.ts";
import type { Account, Cost } from "./till.ts";

export interface SharedDayOptions {
  board: Board;
  clock: Clock;
  teller: Teller;
  key: string;
}

/** Between two tries where others have set money aside, or the board is away. */
const AGAIN_MS = 2_000;
/** What this process spent is said again so often: the board may have been emptied. */
const SAY_MS = 60_000;
/** Also what was said after the day is wanted by those whose turns began in it. */
const KEEP_MS = 48 * 60 * 60_000;

export class SharedDay {
  readonly #options: SharedDayOptions;
  /** What is set aside, and for which accounts. */
  readonly #grants = new Map<symbol, { usd: number; accounts: readonly string[] }>();
  /** What this process's folder has spent. */
  readonly #spent = new Map<string, Account>();
  #isBeating = false;
  #isUnsaid = false;
  #over = new AbortController();

  constructor(options: SharedDayOptions) {
    this.#options = options;
  }

  /** Sets money aside over all processes; waits for others, and for the board where there is a cap. */
  async setAside(
    accounts: ReadonlyMap<string, Account>,
    { caps, cost }: { caps: readonly Capped[]; cost: Cost },
    signal: AbortSignal,
  ): Promise<{ usd: number; grant: symbol } | Exclude<Decision, { kind: "granted" | "waits" }>> {
    for (const [name, account] of accounts) this.#spent.set(name, account);
    const grant = Symbol("what is set aside for one turn");
    const of = [...accounts.keys()];
    if (caps.length === 0) {
      this.#grants.set(grant, { usd: cost.mostUsd, accounts: of });
      this.#keepSaying();
      return { usd: cost.mostUsd, grant };
    }
    for (;;) {
      signal.throwIfAborted();
      const decision = await this.#ask({ grant, accounts: of, caps, cost });
      if (decision?.kind === "granted") return { usd: decision.usd, grant };
      if (decision?.kind === "reached") return decision;
      await this.#options.clock.sleep(AGAIN_MS, signal);
    }
  }

  /** Null: the board is away. */
  async #ask(asked: {
    grant: symbol;
    accounts: readonly string[];
    caps: readonly Capped[];
    cost: Cost;
  }): Promise<Decision | null> {
    const { grant, accounts, caps, cost } = asked;
    this.#keepSaying();
    try {
      return await this.#change((entry, now) => {
        // It may be asked again, on another entry.
        this.#grants.delete(grant);
        const decision = decide(this.#withOwn(entry, now), { caps, cost }, now);
        if (decision.kind === "granted") this.#grants.set(grant, { usd: decision.usd, accounts });
        return decision;
      });
    } catch (error) {
      this.#grants.delete(grant);
      this.#isUnsaid = true;
      if (error instanceof BoardAway) return null;
      throw error;
    }
  }

  /** The turn is over; what it cost was counted in its accounts before. */
  settle(grant: symbol): void {
    this.#grants.delete(grant);
    void this.say();
  }

  /** Says what this process has spent and set aside. */
  async say(): Promise<void> {
    this.#isUnsaid = true;
    this.#keepSaying();
    try {
      await this.#change(() => null);
      this.#isUnsaid = false;
    } catch (error) {
      if (!(error instanceof BoardAway)) throw error;
    }
  }

  /** The day is over for this process; what it set aside and did not settle is left as it is. */
  close(): void {
    this.#over.abort(new Error("The book is closed."));
  }

  #keepSaying(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    void this.#beat();
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#over;
    while (!signal.aborted) {
      const isBusy = this.#grants.size > 0 || this.#isUnsaid;
      await clock.sleep(isBusy ? LOST_MS / 3 : SAY_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.say();
    }
  }

  #change<Answer>(ask: (entry: DayEntry, now: number) => Answer): Promise<Answer> {
    const { board, key } = this.#options;
    return board.change(
      key,
      (text, now) => {
        const entry = readDay(text);
        const answer = ask(entry, now);
        return { text: JSON.stringify(this.#withOwn(entry, now)), answer };
      },
      { keepMs: KEEP_MS },
    );
  }

  #withOwn(entry: DayEntry, now: number): DayEntry {
    return withOwn(entry, { ...this.#options.teller, ...this.#own() }, now);
  }

  #own(): Own {
    const spent = Object.fromEntries(
      [...this.#spent].map(([name, { spentUsd }]) => [name, spentUsd]),
    );
    const reserved: Record<string, number> = {};
    for (const { usd, accounts } of this.#grants.values()) {
      for (const name of accounts) reserved[name] = (reserved[name] ?? 0) + usd;
    }
    return { spent, reserved };
  }
}
