// A change that a script hands back is looked up by its id; nothing else of it is believed.

import { z } from "zod";

import { StepFailed } from "../engine/errors.ts";
import type { ChangeState, Ledger } from "./ledger.ts";

const ChangeIdentity = z.object({ id: z.string(), head: z.string() });

/** Throws `StepFailed` when this run made no such change. */
export function knownChange(ledger: Ledger, id: string, step: string): ChangeState {
  const change = ledger.changes.get(id);
  if (change !== undefined) return change;
  throw new StepFailed(
    `${step}() was given "${id}", which is no change of this run. Pass what change() or revise() resolved to.`,
  );
}

/** For a call's identity: a revised change is another question than its first version. */
export function headOf(change: unknown): { id: string; head: string } | null {
  const known = ChangeIdentity.safeParse(change);
  return known.success ? known.data : null;
}
