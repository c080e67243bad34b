// The shape of what the benchmark of the engine reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();

/** `langgraph` is null when it could not be installed or was left out, `childPeakMb` where the system does not tell. */
export const EngineResult = z.strictObject({
  engine: z.strictObject({
    calls: z.int().positive(),
    microsecondsPerCall: z.strictObject({
      fanfold: figure,
      pqueue: figure,
      langgraph: figure.nullable(),
    }),
    ofIdeal: z.strictObject({ "16": figure, "64": figure, longTail: figure }),
    childPeakMb: figure.nullable(),
    parentPeakMb: figure,
    replayMs: z.strictObject({ "1000": figure, "10000": figure }),
    /** As a run finds it, which prepares its sandbox while its script is written. */
    childStartMs: figure,
    /** With nothing prepared. */
    childColdStartMs: figure,
  }),
});
export type EngineResult = z.infer<typeof EngineResult>;
