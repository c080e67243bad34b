// How much is measured, and how often.

/** Sizes of one benchmark run; counts, and times in milliseconds. */
export interface Sizes {
  /** Agent calls of the two fan-outs; the larger one is the figure that is reported. */
  calls: readonly [small: number, large: number];
  /** Characters of one agent's answer. */
  resultChars: number;
  /** Every fan-out is repeated this often, the runners by turns; medians are reported. */
  repeats: number;
  /** How long before its script a run prepares its sandbox: about what a model takes for a script, at the least. */
  aheadMs: number;
  replayRepeats: number;
  startRepeats: number;
  latency: { calls: number; meanMs: number; repeats: number };
}

export const fullSizes: Sizes = {
  calls: [1_000, 10_000],
  resultChars: 2_000,
  repeats: 3,
  aheadMs: 2_000,
  replayRepeats: 5,
  startRepeats: 11,
  latency: { calls: 1_000, meanMs: 50, repeats: 3 },
};

export const quickSizes: Sizes = {
  calls: [20, 40],
  resultChars: 100,
  repeats: 1,
  aheadMs: 0,
  replayRepeats: 1,
  startRepeats: 1,
  latency: { calls: 20, meanMs: 1, repeats: 1 },
};
