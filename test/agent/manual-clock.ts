// A clock that a test moves by hand.

import type { AgentWorld } from "../../src/agent/agent.ts";

interface Sleeper {
  until: number;
  wake: () => void;
}

export class ManualClock {
  #now = 1_000_000;
  readonly #sleepers = new Set<Sleeper>();
  /** Lengths of the sleeps asked for so far, in milliseconds. */
  readonly slept: number[] = [];

  /** How often the time was asked for. */
  asked = 0;

  readonly now: AgentWorld["clock"]["now"] = () => {
    this.asked += 1;
    return this.#now;
  };

  readonly sleep: AgentWorld["clock"]["sleep"] = (ms, signal) => {
    this.slept.push(ms);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) {
      reject(signal.reason);
      return promise;
    }
    const sleeper = { until: this.#now + ms, wake: resolve };
    this.#sleepers.add(sleeper);
    signal?.addEventListener(
      "abort",
      () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      },
      { once: true },
    );
    return promise;
  };

  /** Moves time on and lets what was waiting for it run. */
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    for (const sleeper of this.#sleepers)
      if (sleeper.until <= this.#now) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Sleepers now. */
  get waiting(): number {
    return this.#sleepers.size;
  }
}

/** A clock on which every back-off is over at once; longer sleeps, such as deadlines, go on. */
export function hastyClock(longestMs: number): AgentWorld["clock"] & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => 0,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      if (ms <= longestMs) return Promise.resolve();
      const { promise, reject } = Promise.withResolvers<void>();
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      return promise;
    },
  };
}
