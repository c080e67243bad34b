// Between a call's work, the journal and the watchers: one outcome in each of its shapes.

import type { Performed } from "../call.ts";
import type { Emit } from "../events.ts";
import type { CallEnded } from "../journal.ts";
import type { Delivery } from "./open-call.ts";

export function toEntry({ open, performed }: Delivery, at: number): CallEnded {
  const { call, step } = open;
  const { outcome, usage, record, moreAgents } = performed;
  return {
    v: 1,
    kind: "call-ended",
    key: call.key,
    step: call.step,
    outcome: step.replay === "recomputed" && outcome.ok ? null : outcome,
    ...(usage === undefined ? {} : { usage }),
    ...(record === undefined ? {} : { record }),
    ...(moreAgents === undefined ? {} : { moreAgents }),
    at,
  };
}

export function fromEntry({ usage }: CallEnded, outcome: Performed["outcome"]): Performed {
  return usage === undefined ? { outcome } : { outcome, usage };
}

export function emitEnded(
  emit: Emit,
  { entry, replayed }: { entry: CallEnded; replayed: boolean },
): void {
  const { key, outcome, usage } = entry;
  const error = outcome?.ok === false ? `${outcome.error.name}: ${outcome.error.message}` : null;
  emit({ kind: "call-ended", key, ok: error === null, error, usage: usage ?? null, replayed });
}
