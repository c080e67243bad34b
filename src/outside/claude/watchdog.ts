// Notices silence: the SDK's own timeout ends with the headers, and a stalled stream would wait for ever.

export interface WatchClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Watchdog {
  /** Aborted when nothing was heard for too long. */
  readonly signal: AbortSignal;
  readonly fired: boolean;
  /** Something came: the wait starts anew. */
  readonly heard: () => void;
  readonly stop: () => void;
}

/** Starts to listen. `idleMs` of silence abort the signal; `stop` ends the watch. */
export function watchForSilence(clock: WatchClock, idleMs: number): Watchdog {
  const silence = new AbortController();
  const stopped = new AbortController();
  let lastHeard = clock.now();
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const quietMs = clock.now() - lastHeard;
      if (quietMs >= idleMs) return silence.abort();
      await clock.sleep(idleMs - quietMs, stopped.signal);
    }
  };
  // Its only rejection is the sleep that `stop` ends; any other is a broken clock, and then silence is the safe answer.
  watch().catch(() => {
    if (!stopped.signal.aborted) silence.abort();
  });
  return {
    signal: silence.signal,
    get fired() {
      return silence.signal.aborted;
    },
    heard: () => {
      lastHeard = clock.now();
    },
    stop: () => stopped.abort(),
  };
}
