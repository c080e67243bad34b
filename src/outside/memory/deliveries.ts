// GitHub's log of webhooks as a list that a test writes.

import type { Clock } from "../../world/clock.ts";
import type { Attempt, Deliveries } from "../../world/deliveries.ts";
import { ForgeError } from "../../world/forge-error.ts";

export interface MemoryDeliveries extends Deliveries {
  /** In the order they were sent. */
  readonly log: Attempt[];
  /** What was asked for again, in order. */
  readonly asked: Attempt[];
  /** How many attempts were read so far. */
  read: number;
  /** Whether the bot answers what is delivered now. */
  isHeard: boolean;
  /** While true GitHub answers nothing. */
  isAway: boolean;
}

export function createMemoryDeliveries({ now }: Pick<Clock, "now">): MemoryDeliveries {
  const github: MemoryDeliveries = {
    log: [],
    asked: [],
    read: 0,
    isHeard: true,
    isAway: false,
    async *attempts() {
      mustBeThere(github);
      for (const attempt of github.log.toReversed()) {
        github.read += 1;
        yield attempt;
      }
    },
    async redeliver(attempt) {
      mustBeThere(github);
      github.asked.push(attempt);
      const id = (github.log.at(-1)?.id ?? 0) + 1;
      github.log.push({ ...attempt, id, at: now(), isDelivered: github.isHeard });
    },
  };
  return github;
}

function mustBeThere({ isAway }: MemoryDeliveries): void {
  if (isAway) throw new ForgeError("unreachable", "GitHub did not answer.");
}
