// The shape of what the benchmark of the gate reports to machines.

import { z } from "zod";

const share = z.number().nonnegative();

/** `lost` counts agents; shares are of requests that were needed, of the bound, and of the cost without a cache. */
export const GateResult = z.strictObject({
  gate: z.strictObject({
    agents: z.int().positive(),
    turns: z.int().positive(),
    lost: z.int().nonnegative(),
    refusedShare: share,
    timeOverBound: share,
    sdkDefault: z.strictObject({
      lost: z.int().nonnegative(),
      refusedShare: share,
      timeOverBound: share,
    }),
    cacheCostShare: share,
    naiveCacheCostShare: share,
  }),
});
export type GateResult = z.infer<typeof GateResult>;
