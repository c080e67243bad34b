// The port to time: nothing else in the house knows it.

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds of a clock that nobody sets: only the difference of two looks means anything. */
  monotonic: () => number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
