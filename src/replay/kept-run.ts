// A run as it was left: on this machine's disk, or in the checkpoint that stands in a repository.

import type { Entry } from "../engine/journal.ts";
import { gitText } from "../repo/git.ts";
import { readFiles } from "../repo/read-files.ts";
import type { ObjectStore } from "../repo/object-store.ts";
import { readCheckpoint } from "../runs/checkpoint.ts";
import { stateRefOf } from "../runs/names.ts";
import { RunRecord } from "../runs/record.ts";
import { openSeal, SealBroken, type Secret } from "../runs/seal.ts";
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

/** Null when this disk does not know the run. */
export async function runOnDisk(disk: Disk, id: string): Promise<KeptRun | null> {
  const folder = runFolder(disk, id);
  const record = await folder.readRecord();
  if (record === null) return null;
  return { record, script: await folder.readScript(), entries: await folder.readJournal() };
}

/**
 * Null when the repository has no checkpoint of the run.
 * @throws {CannotReplay} when it cannot be opened: there is no key, or another one.
 */
export async function runInRepository(
  store: ObjectStore,
  id: string,
  secret: Secret | null,
): Promise<KeptRun | null> {
  const { gitDir } = store;
  const commit = await commitOf(gitDir, stateRefOf(id));
  if (commit === null) return null;
  if (secret === null) {
    throw new CannotReplay(
      `The checkpoint of run ${id} is there, and sealed. Set FANFOLD_CHECKPOINT_KEY, or PRIVATE_KEY (PRIVATE_KEY_PATH) where the bot has no key of its own for checkpoints.`,
    );
  }
  const files = await readFiles(store, commit);
  const { repository } = RunRecord.parse(JSON.parse(textOf(files.get("run.json"))));
  const mirror = { fetch: async () => commit, readFiles: async () => files };
  try {
    const whose = { run: id, repositoryId: repository.repositoryId };
    return await readCheckpoint(mirror, openSeal(secret, id), whose);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new CannotReplay(error.message, { cause: error });
  }
}

async function commitOf(gitDir: string, ref: string): Promise<string | null> {
  try {
    return await gitText(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { gitDir });
  } catch {
    return null;
  }
}

const textOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? "null" : Buffer.from(bytes).toString("utf8");
