// A run as it was left: on this machine's disk, or in the checkpoint that stands in a repository.

import { z } from "zod";

import type { Entry } from "../engine/journal.ts";
import { NewerRun } from "../runs/older-records.ts";
import type { RunRecord } from "../runs/record.ts";
import { SealBroken } from "../runs/seal.ts";
import { runFolder } from "../runs/store.ts";
import type { Disk } from "../world/disk.ts";

/** Everything that is known of a run. */
export interface KeptRun {
  record: RunRecord;
  script: string | null;
  entries: readonly Entry[];
}

/** It cannot be gone through again; the message says why, and what to do. */
export class CannotReplay extends Error {
  override readonly name = "CannotReplay";
}

/** A run as far as its record tells; the rest is read when it is asked for. */
export interface KnownRun {
  record: RunRecord;
  read: () => Promise<KeptRun>;
}

/**
 * Null when this disk does not know the run. Nothing is written: the run's driver may be at work.
 * @throws {CannotReplay} when something of it cannot be read, then or by `read`.
 */
export async function runOnDisk(disk: Disk, id: string): Promise<KnownRun | null> {
  const folder = runFolder(disk, id);
  const { record, script } = await orCannot(id, FOLDER, async () => ({
    record: await folder.readRecord(),
    script: await folder.readScript(),
  }));
  if (record === null) return null;
  const readJournal = () => orCannot(id, FOLDER, () => folder.lookAtJournal());
  return { record, read: async () => ({ record, script, entries: await readJournal() }) };
}

/** What to do where a run cannot be read, by where it was to be read from. */
interface Advice {
  name: string;
  advice: string;
}

const FOLDER: Advice = {
  name: "folder",
  advice:
    "Bring its folder back from a back-up; or move it away, and the run is read from its checkpoint (on a command line, out of a clone that is given with --repo).",
};

/**
 * What `work` reads of a run.
 * @throws {CannotReplay} when it cannot be read.
 */
export async function orCannot<Value>(
  id: string,
  where: Advice,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CannotReplay(sentencesOf(error, id, where), { cause: error });
  }
}

function sentencesOf(error: Error, id: string, { name, advice }: Advice): string {
  if (error instanceof SealBroken || error instanceof NewerRun) return error.message;
  const isMalformed = error instanceof SyntaxError || error instanceof z.ZodError;
  const reason = isMalformed
    ? "What stands there is not in the form in which Fanfold writes it."
    : error.message;
  return `The ${name} of run ${id} cannot be read. ${reason} Nothing was changed. ${advice}`;
}
