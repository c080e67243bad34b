// What the turns of one model come to now, of this process. Pure.

import type { Quanta } from "./shares.ts";
import type { Ticket } from "./ticket.ts";

export interface Demand {
  /** Those that could leave until the next lease if there were budget, by what they are guessed to take. */
  waiting: Quanta;
  /** Those whose turns wait or are under way. */
  installations: readonly number[];
  isIdle: boolean;
}

/** As many of those that wait as there are places for. */
export function demandOf(
  waiting: readonly Ticket[],
  inFlight: ReadonlySet<Ticket>,
  ceiling: number,
): Demand {
  const requests = Math.min(waiting.length, Math.max(0, ceiling - inFlight.size));
  const each = waiting.length === 0 ? 0 : requests / waiting.length;
  const sum = (of: (estimate: Ticket["estimate"]) => number): number =>
    Math.ceil(each * waiting.reduce((all, { estimate }) => all + of(estimate), 0));
  const callers = [...waiting, ...inFlight].map(({ caller }) => caller.installation);
  return {
    waiting: {
      requests,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
    },
    installations: [...new Set(callers)],
    isIdle: waiting.length + inFlight.size === 0,
  };
}
