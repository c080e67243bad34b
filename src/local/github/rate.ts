// GitHub's primary rate limit: so many requests an hour for each who asks, told in every answer.

import { Refusal } from "./errors.ts";

const hourMs = 3_600_000;

export interface RateLimits {
  /** Counts one request. Throws a 403 `Refusal` when the hour's budget is used up. */
  spend(who: string): void;
  /** As the `x-ratelimit-…` headers and `GET /rate_limit` tell it; `reset` is in seconds since 1970. */
  of(who: string): { limit: number; used: number; remaining: number; reset: number };
}

export function openRateLimits(requestsPerHour: number, now: () => number): RateLimits {
  const windows = new Map<string, { used: number; until: number }>();
  const windowOf = (who: string) => {
    const known = windows.get(who);
    if (known !== undefined && known.until > now()) return known;
    const fresh = { used: 0, until: now() + hourMs };
    windows.set(who, fresh);
    return fresh;
  };
  return {
    spend(who) {
      const window = windowOf(who);
      if (window.used >= requestsPerHour) {
        throw new Refusal(403, `API rate limit exceeded for ${who}.`);
      }
      window.used += 1;
    },
    of(who) {
      const { used, until } = windowOf(who);
      const remaining = requestsPerHour - used;
      return { limit: requestsPerHour, used, remaining, reset: Math.floor(until / 1_000) };
    },
  };
}

export function rateHeaders({ limit, used, remaining, reset }: ReturnType<RateLimits["of"]>) {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}
