// The hour's requests of an installation: once few are left, they are spread over what is left of the hour.

import { z } from "zod";

import { openStarts, type Starts } from "../../quota/starts.ts";
import type { Clock } from "../../world/clock.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { patienceMs, reserveShare } from "./limits.ts";

export interface Primary {
  /** Resolves when this installation may ask once more; rejects with `limited` when that is too far away. */
  wait(id: string): Promise<void>;
  /** Reads what GitHub says in every answer. */
  note(id: string, headers: object): void;
  /** Share of the hour's requests that the installation with the least of it has left; null before any answer. */
  left(): number | null;
}

const Told = z.object({
  "x-ratelimit-limit": z.coerce.number().positive(),
  "x-ratelimit-remaining": z.coerce.number().nonnegative(),
  /** Seconds since 1970. */
  "x-ratelimit-reset": z.coerce.number(),
  /** GraphQL has a budget of its own. */
  "x-ratelimit-resource": z.string().optional(),
});

interface Budget {
  limit: number;
  remaining: number;
  resetAt: number;
}

/** `starts` are those that other processes know of. */
export function openPrimary(
  clock: Clock,
  starts: Starts = openStarts({ board: null, clock }),
): Primary {
  const budgets = new Map<string, Budget>();
  return {
    wait: async (id) => {
      const now = clock.now();
      const budget = budgets.get(id);
      if (budget === undefined || now >= budget.resetAt) return;
      const gapMs = gapOf(budget, now);
      if (gapMs === 0) return;
      const wish = { pace: { gapMs, windows: [] }, mostMs: patienceMs };
      const { isBooked, waitMs } = await starts.book(`github/requests/${id}`, wish);
      if (!isBooked) throw tooFar(waitMs);
      await clock.sleep(waitMs);
    },
    note: (id, headers) => {
      const told = Told.safeParse(headers);
      if (!told.success || (told.data["x-ratelimit-resource"] ?? "core") !== "core") return;
      budgets.set(id, {
        limit: told.data["x-ratelimit-limit"],
        remaining: told.data["x-ratelimit-remaining"],
        resetAt: told.data["x-ratelimit-reset"] * 1_000,
      });
    },
    left: () => {
      const now = clock.now();
      const shares = [...budgets.values()].map(({ limit, remaining, resetAt }) =>
        now >= resetAt ? 1 : remaining / limit,
      );
      return shares.length === 0 ? null : Math.min(...shares);
    },
  };
}

/** Nothing as long as more than the reserve is left; then what is left lasts until there is more. */
function gapOf({ limit, remaining, resetAt }: Budget, now: number): number {
  if (remaining > limit * reserveShare) return 0;
  return (resetAt - now) / Math.max(1, remaining);
}

function tooFar(waitMs: number): ForgeError {
  const minutes = Math.ceil(waitMs / 60_000);
  return new ForgeError(
    "limited",
    `GitHub's requests of this hour are nearly used up; the next one is due in ${minutes} min. Nothing was sent. Try again then.`,
    { retryAfterMs: waitMs },
  );
}
