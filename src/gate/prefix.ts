// Which prefixes the provider has in its cache by now: one of several equal turns goes ahead, the others follow and read.

import { createHash } from "node:crypto";

import type { TurnRequest } from "../agent/model.ts";
import { tokensOf } from "./estimate.ts";

/** Shorter ones are cached by no model: nothing is gained by waiting. */
const TOKENS_MIN = 512;
/** Entries live five minutes from the start of the request that wrote or read them; the rest is margin. */
const WARM_MS = 4.5 * 60_000;
/** As in Claude Code, which lets matching siblings wait this long at most. */
const FOLLOW_MS = 5000;

export interface PrefixClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One turn's place among those with the same prefix. */
export interface Lead {
  /** The prefix is not in the cache: this turn pays for it. */
  readonly isFirst: boolean;
  /** The request goes out now. */
  started(): void;
  /** The answer streams: followers go. */
  streaming(): void;
  /** It is over, well or not: a prefix that never streamed is led by another one. */
  ended(): void;
}

interface Entry {
  warmUntil: number;
  leading: { done: Promise<void>; release: () => void } | null;
}

export class PrefixRegistry {
  readonly #clock: PrefixClock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: PrefixClock) {
    this.#clock = clock;
  }

  /** Resolves when the turn may go: at once to lead or to read, for a follower when its leader streams. */
  async join(request: TurnRequest, signal: AbortSignal): Promise<Lead> {
    const key = keyOf(request);
    if (key === null) return NOBODY;
    for (;;) {
      const entry = this.#entry(key);
      if (entry.warmUntil > this.#clock.now()) return this.#reader(entry);
      if (entry.leading === null) return this.#leader(entry);
      await untilDone(entry.leading.done, signal);
    }
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    this.#forgetCold();
    const fresh: Entry = { warmUntil: Number.NEGATIVE_INFINITY, leading: null };
    this.#entries.set(key, fresh);
    return fresh;
  }

  #reader(entry: Entry): Lead {
    return { ...NOBODY, started: () => this.#warm(entry) };
  }

  #leader(entry: Entry): Lead {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const over = new AbortController();
    const release = (): void => {
      over.abort();
      if (entry.leading?.done === done) entry.leading = null;
      resolve();
    };
    entry.leading = { done, release };
    return {
      isFirst: true,
      started: () => {
        const goOn = (): void => {
          this.#warm(entry);
          release();
        };
        // A slow first byte: from here on waiting costs more than it saves.
        this.#clock.sleep(FOLLOW_MS, over.signal).then(goOn, () => undefined);
      },
      streaming: () => {
        this.#warm(entry);
        release();
      },
      ended: release,
    };
  }

  #warm(entry: Entry): void {
    entry.warmUntil = this.#clock.now() + WARM_MS;
  }

  #forgetCold(): void {
    const now = this.#clock.now();
    for (const [key, { warmUntil, leading }] of this.#entries) {
      if (leading === null && warmUntil <= now) this.#entries.delete(key);
    }
  }
}

const NOBODY: Lead = {
  isFirst: false,
  started: () => undefined,
  streaming: () => undefined,
  ended: () => undefined,
};

/** What the provider's cache goes by: model, effort, tools and system prompt, byte for byte. */
function keyOf({ model, effort, tools, system }: TurnRequest): string | null {
  const text = JSON.stringify([model, effort, tools, system]);
  return tokensOf(text) < TOKENS_MIN ? null : createHash("sha256").update(text).digest("hex");
}

function untilDone(done: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([done, promise]).finally(() => signal.removeEventListener("abort", onAbort));
}
