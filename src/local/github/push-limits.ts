// How often, and with how many refs at once, a repository may be pushed to, when that is asked for.

import type { PushRequest } from "./pkt-line.ts";

const minuteMs = 60_000;

export interface PushLimits {
  perMinute: number;
  /** A push policy; null is none. */
  refsPerPush: number | null;
}

export interface PushMeter {
  /** The reason for which every ref of this push is refused; null when it may go through, and is counted then. */
  refuse(repository: number, push: PushRequest): string | null;
}

/** Without limits nothing is refused. */
export function openPushMeter(limits: PushLimits | null, now: () => number): PushMeter {
  const pushes = new Map<number, number[]>();
  return {
    refuse(repository, { commands }) {
      if (limits === null) return null;
      const { perMinute, refsPerPush } = limits;
      if (refsPerPush !== null && commands.length > refsPerPush) {
        return `Repository policies do not allow pushes that update more than ${refsPerPush} branches or tags.`;
      }
      const recent = (pushes.get(repository) ?? []).filter((at) => at > now() - minuteMs);
      // No word more: so it was seen where pushes came too fast.
      if (recent.length >= perMinute) return "failed";
      pushes.set(repository, [...recent, now()]);
      return null;
    },
  };
}
