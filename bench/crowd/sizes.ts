// How many runs are driven at once, and how much each of them does.

import { z } from "zod";

/** Each writer is reviewed by one reviewer. */
export const CrowdSizes = z.strictObject({
  runs: z.int().positive(),
  writers: z.int().positive(),
  latencyMs: z.number().nonnegative(),
});
export type CrowdSizes = z.infer<typeof CrowdSizes>;

export const fullCrowdSizes: CrowdSizes = { runs: 8, writers: 20, latencyMs: 50 };
export const quickCrowdSizes: CrowdSizes = { runs: 2, writers: 2, latencyMs: 1 };
