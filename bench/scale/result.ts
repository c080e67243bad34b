// The shape of what the benchmark of scale reports to machines.

import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().nonnegative();
const seconds = z.strictObject({ p50: share, p99: share });

/** One fleet for its hours. Shares are of what there is; a run alone takes `aloneS`. */
const Fleet = z.strictObject({
  name: z.string(),
  agentsPerDay: count,
  processes: count,
  accounts: count,
  runsAsked: count,
  runsEnded: count,
  agentsEnded: count,
  agentsLost: count,
  /** From the command to the run's first agent being admitted by its process. */
  startWaitS: seconds,
  runS: seconds,
  aloneS: share,
  /** Output tokens of those that the provider's limits allow, over all hours and in the busiest one. */
  providerShare: share,
  providerShareMost: share,
  refusedShare: share,
  placesShare: share,
  placesShareMost: share,
  /** Requests that GitHub's published limits forbid; those of ours that were told to come back later. */
  beyondGitHub: count,
  putOff: count,
});

export const ScaleResult = z.strictObject({ scale: z.array(Fleet).nonempty() });
export type ScaleResult = z.infer<typeof ScaleResult>;
export type Fleet = z.infer<typeof Fleet>;
