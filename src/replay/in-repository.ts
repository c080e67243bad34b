// A run out of the checkpoint that stands in a repository: opened with the bot's keys, and told plainly where that fails.

import { z } from "zod";

import { gitText } from "../repo/git.ts";
import { inOneLine } from "../repo/in-one-line.ts";
import type { ObjectStore } from "../repo/object-store.ts";
import { readFiles } from "../repo/read-files.ts";
import { readCheckpoint } from "../runs/checkpoint.ts";
import { stateRefOf } from "../runs/names.ts";
import { openSeal, SealBroken, type Secret } from "../runs/seal.ts";
import { CannotReplay, type KeptRun, orCannot } from "./kept-run.ts";
import { WHOLE_CLONE } from "./legible.ts";

/** What checkpoints are opened with. */
export interface Keys {
  /** Null when there is none. */
  secret: Secret | null;
  /** Why a private key that was given is of no use, in a sentence; null when none was given, or it is. */
  mistake: string | null;
}

/** A checkpoint as it stands in a repository; nothing of it is believed yet. */
interface Sealed {
  commit: string;
  files: ReadonlyMap<string, Uint8Array>;
  /** The repository that it must be of; null: of whichever it says, since nobody knows better. */
  repositoryId: number | null;
}

/**
 * Null when the repository has no checkpoint of the run.
 * @throws {CannotReplay} when it cannot be opened: there is no key, another one, or it is not as Fanfold wrote it.
 */
export async function runInRepository(
  store: ObjectStore,
  id: string,
  { secret, mistake }: Keys,
): Promise<KeptRun | null> {
  const commit = await commitOf(store.gitDir, stateRefOf(id));
  if (commit === null) return null;
  if (secret === null) throw new CannotReplay(keyless(id, mistake));
  const files = await orCannot(id, inClone(id), () => filesOf(store, commit));
  try {
    return await openKept(id, secret, { commit, files, repositoryId: null });
  } catch (error) {
    if (!isForWantOfKey(error) || mistake === null) throw error;
    throw new CannotReplay(`${mistake} ${error.message}`, { cause: error.cause });
  }
}

/** What is known to be changed has no other error behind it: no key would open that. */
const isForWantOfKey = (error: unknown): error is CannotReplay =>
  error instanceof CannotReplay &&
  error.cause instanceof SealBroken &&
  error.cause.cause instanceof SealBroken;

/** @throws {CannotReplay} when it cannot be opened. */
export function openKept(id: string, secret: Secret, sealed: Sealed): Promise<KeptRun | null> {
  const { commit, files } = sealed;
  const mirror = { fetch: async () => commit, readFiles: async () => new Map(files) };
  const repositoryId = sealed.repositoryId ?? repositoryIn(files.get("run.json"));
  const seal = openSeal(secret, id);
  return orCannot(id, checkpointOf(id), () =>
    readCheckpoint(mirror, seal, { run: id, repositoryId }),
  );
}

const checkpointOf = (id: string) => ({
  name: "checkpoint",
  advice: `Fetch it again: ${fetchOf(id)}.`,
});

const inClone = (id: string) => ({
  name: "checkpoint",
  advice: `Fetch it again: ${fetchOf(id)}. ${WHOLE_CLONE}`,
});

async function filesOf(store: ObjectStore, commit: string): ReturnType<typeof readFiles> {
  try {
    return await readFiles(store, commit);
  } catch (error) {
    throw new Error(`${inOneLine(error)}.`, { cause: error });
  }
}

/** What brings a run's checkpoint into a clone. */
export function fetchOf(id: string): string {
  const refs = `refs/fanfold/runs/${id}/*`;
  return `\`git fetch origin '${refs}:${refs}'\``;
}

function keyless(id: string, mistake: string | null): string {
  const there = `The checkpoint of run ${id} is there, and sealed.`;
  return mistake === null
    ? `${there} Set FANFOLD_CHECKPOINT_KEY, or PRIVATE_KEY (PRIVATE_KEY_PATH) where the bot has no key of its own for checkpoints.`
    : `${there} ${mistake} Mend that, or set FANFOLD_CHECKPOINT_KEY where the bot has a key of its own for checkpoints.`;
}

const Whose = z.object({ repository: z.object({ repositoryId: z.int() }) });

/** Of a record that is authenticated afterwards; one that says nothing is refused there with its reason. */
function repositoryIn(bytes: Uint8Array | undefined): number {
  const said = Whose.safeParse(jsonIn(bytes));
  return said.success ? said.data.repository.repositoryId : NOBODYS;
}

const NOBODYS = -1;

function jsonIn(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? null : JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    // Whether somebody cut it is for the seal to say.
    return null;
  }
}

async function commitOf(gitDir: string, ref: string): Promise<string | null> {
  try {
    return await gitText(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { gitDir });
  } catch {
    return null;
  }
}
