// Outcomes of an earlier run that answer the same questions in this one.

import type { Performed } from "../call.ts";
import type { CallEnded } from "../journal.ts";
import type { RunOptions } from "../run.ts";
import type { OpenCall } from "./open-call.ts";

/** What need not be performed again. */
export interface Reusable {
  /** The answer to a call, or null. Without usage: it was paid for by the run that it comes from. */
  find(open: OpenCall): Performed | null;
}

/**
 * Only answers are reused: what failed is tried again. What the engine answers itself is not, since a timer measures this
 * run's time and a workflow's text may be another one by now.
 */
export function createReusable({ reuse = [], steps }: RunOptions): Reusable {
  const known = new Map<string, CallEnded>();
  for (const entry of reuse) {
    if (entry.kind === "call-ended" && entry.outcome?.ok === true) known.set(entry.key, entry);
  }
  return {
    find({ call, step }) {
      const entry = known.get(call.key);
      if (entry === undefined || entry.outcome === null || steps[call.step] !== step) return null;
      const { outcome, record, moreAgents } = entry;
      return {
        outcome,
        ...(record === undefined ? {} : { record }),
        ...(moreAgents === undefined ? {} : { moreAgents }),
      };
    },
  };
}
