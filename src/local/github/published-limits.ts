// GitHub's published limits as numbers, so that the local GitHub can be asked to keep exactly these.

import type { ContentLimits } from "./content-limits.ts";
import type { PushLimits } from "./push-limits.ts";
import type { SecondaryLimits } from "./secondary-limits.ts";

/** Each left out: nothing is enforced. */
export interface AskedLimits {
  requestsPerHour?: number;
  contentLimits?: ContentLimits;
  secondaryLimits?: SecondaryLimits;
  pushLimits?: PushLimits;
}

/**
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and, for pushes,
 * https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits. Of pull requests GitHub says
 * no number; accounts were blocked from 50 on.
 */
export const publishedLimits = {
  requestsPerHour: 5_000,
  contentLimits: { perMinute: 80, perHour: 500, pullsPerHour: 50 },
  secondaryLimits: { pointsPerMinute: 900, atOnce: 100 },
  pushLimits: { perMinute: 6, refsPerPush: null },
} as const satisfies AskedLimits;
