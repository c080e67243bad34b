// The shape of what the benchmark of fairness reports to machines.

import { z } from "zod";

const seconds = z.strictObject({ p50: z.number(), most: z.number() });

/** One case; times are from asking for a run to its end. */
const Fair = z.strictObject({
  name: z.string(),
  processes: z.int().positive(),
  /** Of the ten, and of the fifty, in two hours. */
  ended: z.int(),
  crowdEnded: z.int(),
  /** The ten by themselves, and beside the fifty. */
  aloneS: seconds,
  besideS: seconds,
  crowdS: seconds,
  /** How much longer the one of the ten took that fared worst, rank by rank. */
  ratioMost: z.number(),
});
export type Fair = z.infer<typeof Fair>;

export const FairnessResult = z.strictObject({ fairness: z.array(Fair) });
export type FairnessResult = z.infer<typeof FairnessResult>;
