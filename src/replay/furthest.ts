// Of what this machine and a checkpoint know of a run, what is further along: another machine may have ended it.

import { isEnded, type RunRecord, type RunStatus } from "../runs/record.ts";
import { stageOf } from "../runs/take-up.ts";
import type { KeptRun, KnownRun } from "./kept-run.ts";

type Furthest =
  | { kind: "ended"; run: KeptRun }
  /** Nobody knows of its end; its journal was not touched. */
  | { kind: "alive"; status: RunStatus };

/**
 * Null when nobody knows the run. The checkpoint is asked for where this machine does not know of an end that people were
 * told: an end is an end.
 */
export async function furthest(
  here: KnownRun | null,
  checkpoint: () => Promise<KeptRun | null>,
): Promise<Furthest | null> {
  const there = here !== null && isTold(here.record) ? null : await checkpoint();
  const isThere = there !== null && (here === null || stageOf(there.record) > stageOf(here.record));
  const record = isThere ? there.record : here?.record;
  if (record === undefined) return null;
  const { status } = record;
  if (!isEnded(status)) return { kind: "alive", status };
  if (isThere) return { kind: "ended", run: there };
  return here === null ? null : { kind: "ended", run: await here.read() };
}

const isTold = ({ status, endTold }: RunRecord): boolean => isEnded(status) && endTold;
