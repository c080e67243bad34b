// This process's part of one model's budgets: leased for a moment at a time, used here, and given back.

import type { ProviderLimits } from "../agent/model.ts";
import { AWAY_PART } from "../quota/pace.ts";
import { type Board, BoardAway } from "../world/board.ts";
import { MINUTE_MS } from "./bucket.ts";
import type { Demand } from "./demand.ts";
import type { Estimate } from "./estimate.ts";
import { type Ask, GONE_MS, kinds, lease, LEASE_MS, type Leased, type Quanta } from "./shares.ts";
import type { GateClock } from "./ticket.ts";

export interface PartOptions {
  board: Board;
  clock: GateClock;
  /** Names this process among all that share the board. */
  holder: string;
  model: string;
  demand: () => Demand;
  /** There may be room now. */
  changed: () => void;
  /** Another process was told to wait, for so long from now on. */
  cooled: (cool: Heard) => void;
}

/** What another process was told. */
export interface Heard {
  ms: number;
  message: string | null;
}

/** As long as the provider has stated no limit, a process has so many turns that it has not begun to answer. */
const UNKNOWN_MOST = 8;

/** Opens this process's part of a lane's budgets. */
export type OpenPart = (told: Pick<PartOptions, "demand" | "changed" | "cooled">) => Part;

const none = (): Quanta => ({ requests: 0, inputTokens: 0, outputTokens: 0 });
/** An earlier lease than usual is asked for at most so often, by few processes. */
const SOON_MS = 500;
/** More of them ask less often, so that all together change the entry some twenty times a second. */
const FEW = 8;
/** Sums of parts leave crumbs behind. */
const NEARLY = 0.999;

export class Part {
  readonly #options: PartOptions;
  readonly #unseen = none();
  /** Since the last lease. */
  #used = none();
  #held = none();
  /** Null before the first lease. */
  #leased: Leased | null = null;
  #stated: { limits: ProviderLimits; at: number } | null = null;
  #cool: { until: number; message: string | null } | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isBeating = false;
  #early = new AbortController();

  constructor(options: PartOptions) {
    this.#options = options;
  }

  /** Milliseconds until it is worth looking again; 0 when such a turn may go. */
  waitMs(estimate: Estimate): number {
    this.#start();
    if (this.#leased === null) return LEASE_MS;
    const { most } = this.#leased;
    const isMany = this.#stated !== null || this.#unseen.requests >= UNKNOWN_MOST;
    const soonMs = this.#soonMs();
    if (this.#isUnknown() && isMany) return soonMs;
    const isShort = kinds.some((kind) => {
      const limit = most[kind];
      return (
        limit !== undefined && this.#held[kind] < NEARLY * Math.min(amountOf(estimate, kind), limit)
      );
    });
    if (!isShort) return 0;
    const agoMs = this.#options.clock.now() - this.#askedAt;
    if (agoMs >= soonMs) this.#early.abort(new Error("There are turns that wait."));
    return agoMs >= soonMs ? LEASE_MS : soonMs - agoMs;
  }

  #soonMs(): number {
    const processes = this.#leased?.processes ?? 0;
    return Math.min(LEASE_MS, SOON_MS * Math.max(1, processes / FEW));
  }

  take(estimate: Estimate): void {
    for (const kind of kinds) {
      const amount = amountOf(estimate, kind);
      this.#held[kind] -= amount;
      this.#used[kind] += amount;
      this.#unseen[kind] += amount;
    }
  }

  seen(estimate: Estimate): void {
    for (const kind of kinds) this.#unseen[kind] -= amountOf(estimate, kind);
  }

  /** It turned out to be more (above 0) or less than was taken. */
  correct(more: Quanta): void {
    for (const kind of kinds) {
      this.#held[kind] -= more[kind];
      this.#used[kind] += more[kind];
    }
  }

  stated(limits: ProviderLimits): void {
    if (kinds.every((kind) => limits[kind] === null)) return;
    this.#stated = { limits, at: this.#options.clock.now() };
    if (this.#isUnknown()) this.#early.abort(new Error("The limits are known."));
  }

  #isUnknown(): boolean {
    return Object.keys(this.#leased?.most ?? {}).length === 0;
  }

  /** The provider told this process to wait: all of them hear of it at once. */
  cool(cool: { until: number; message: string | null }): void {
    this.#cool = cool;
    this.#start();
    this.#early.abort(new Error("The others shall know."));
  }

  #start(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    void this.#beat().finally(() => {
      this.#isBeating = false;
    });
  }

  async #beat(): Promise<void> {
    for (;;) {
      const { isIdle } = this.#options.demand();
      await this.#ask();
      this.#early = new AbortController();
      this.#options.changed();
      if (isIdle && this.#cool === null && this.#options.demand().isIdle) return;
      await this.#options.clock.sleep(LEASE_MS, this.#early.signal).catch(() => undefined);
    }
  }

  async #ask(): Promise<void> {
    const { board, clock, model } = this.#options;
    const sinceMs = Math.min(GONE_MS, clock.now() - this.#askedAt);
    this.#askedAt = clock.now();
    const ask = this.#askNow();
    const cool = this.#cool;
    const before = { ...this.#held };
    try {
      const leased = await board.change(
        `provider/${model}`,
        (text, now) => {
          const { text: after, leased: answer } = lease(text, ask, now);
          return { text: after, answer };
        },
        { keepMs: MINUTE_MS },
      );
      this.#take(leased, before);
      if (this.#cool === cool) this.#cool = null;
    } catch (error) {
      if (!(error instanceof BoardAway)) throw error;
      if ((cool?.until ?? 0) <= clock.now()) this.#cool = null;
      this.#goAlone(sinceMs);
    }
  }

  #askNow(): Ask {
    const { clock, holder, demand } = this.#options;
    const { waiting, installations, isIdle } = demand();
    const want = none();
    for (const kind of kinds) want[kind] = isIdle ? 0 : Math.max(waiting[kind], this.#used[kind]);
    this.#used = none();
    const { limits, at } = this.#stated ?? { limits: null, at: 0 };
    const now = clock.now();
    const cool = this.#cool;
    this.#stated = null;
    return {
      holder,
      installations,
      want,
      held: { ...this.#held },
      unseen: { ...this.#unseen },
      stated: limits === null ? null : { limits, agoMs: now - at },
      cool: cool === null ? null : { ms: cool.until - now, message: cool.message },
    };
  }

  /** What was used while the board was asked is not there any more. */
  #take(leased: Leased, before: Quanta): void {
    for (const kind of kinds) {
      const held = leased.held[kind];
      this.#held[kind] = held === undefined ? 0 : held - (before[kind] - this.#held[kind]);
    }
    this.#leased = leased;
    if (leased.cool !== null) this.#options.cooled(leased.cool);
  }

  /** Nobody says what is left: a part of what is refilled, as there were processes, or as there may be. */
  #goAlone(sinceMs: number): void {
    this.#leased ??= { held: {}, most: {}, perMinute: {}, cool: null, processes: 0 };
    const { perMinute, processes } = this.#leased;
    const parts = Math.max(AWAY_PART, processes);
    const most: Partial<Quanta> = {};
    for (const kind of kinds) {
      const refill = perMinute[kind];
      if (refill === undefined) continue;
      const cap = refill / parts;
      most[kind] = cap;
      const gained = (cap * Math.max(0, sinceMs)) / MINUTE_MS;
      this.#held[kind] = Math.min(cap, this.#held[kind] + gained);
    }
    this.#leased = { ...this.#leased, most };
  }
}

const amountOf = (estimate: Estimate, kind: (typeof kinds)[number]): number =>
  kind === "requests" ? 1 : estimate[kind];
