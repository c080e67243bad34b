// The manifest of a checkpoint: sealed, it speaks of everything else that stands there, so that what a person with write access
// changes, cuts or puts back is noticed.

import { z } from "zod";

import { digestOf, isOfAgent } from "./kept-agents.ts";
import { Lease } from "./lease.ts";
import { stateRefOf } from "./names.ts";
import { refuseNewer } from "./older-records.ts";
import { KEYS_HELP, type Seal, SealBroken, Unsealed } from "./seal.ts";

export const MANIFEST_FILE = "manifest";
export const RECORD_FILE = "run.json";
export const SCRIPT_FILE = "script.js";
const READABLE_FILES = [RECORD_FILE, SCRIPT_FILE];

const Manifest = z.object({
  digests: z.record(z.string(), z.string()),
  segments: z.int().nonnegative(),
  /** Of all segments together; older checkpoints do not say it. */
  journalDigest: z.string().nullable().default(null),
  agents: z.record(z.string(), z.string()).default({}),
  lease: Lease.nullable().default(null),
});
export type Manifest = z.infer<typeof Manifest>;

/** What stands in a checkpoint, by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A checkpoint that is not as Fanfold wrote it, beyond doubt; `what` goes on from its name. */
export function brokenCheckpoint(run: string, what: string): SealBroken {
  return new SealBroken(`The checkpoint of ${run} ${what} Nothing of it was used. ${undoing(run)}`);
}

/** Nobody can tell another key from changed bytes: the key is said first, since nothing is lost by trying another one. */
export function unopenedCheckpoint(run: string, place: string, cause: SealBroken): SealBroken {
  const help =
    cause instanceof Unsealed
      ? `${cause.message} Only if no newer version of Fanfold is at work there:`
      : `Its ${place} was sealed with another key, or somebody changed it. ${KEYS_HELP} Only if that is the key already, somebody changed it:`;
  return new SealBroken(
    `The checkpoint of ${run} cannot be opened, and nothing of it was used. ${help} ${undoing(run)}`,
    { cause },
  );
}

/** Whoever changed it may have left no commit behind it: that is to be looked at before anything is pushed. */
function undoing(run: string): string {
  const ref = stateRefOf(run);
  return (
    `\`git fetch origin ${ref} && git log --oneline FETCH_HEAD\` shows its states, the newest first. ` +
    `Where there is more than one, \`git push --force origin FETCH_HEAD~1:${ref}\` puts the one before in its place; ` +
    "posting the command again starts afresh."
  );
}

export function sealManifest(seal: Seal, manifest: Manifest): Uint8Array {
  return seal.seal(MANIFEST_FILE, Buffer.from(JSON.stringify(manifest)));
}

function unseal(seal: Seal, sealed: Uint8Array): Manifest {
  const plain = Buffer.from(seal.open(MANIFEST_FILE, sealed)).toString("utf8");
  const raw: unknown = JSON.parse(plain);
  refuseNewer(raw, "checkpoint format");
  return Manifest.parse(raw);
}

/** The driver's word in a sealed manifest. */
export const leaseIn = (seal: Seal, manifest: Uint8Array): Lease | null =>
  unseal(seal, manifest).lease;

/** Opens the manifest, and holds what anyone can read, and what agents said, against it. Throws `SealBroken`. */
export function openManifest(seal: Seal, { run, files }: { run: string; files: Files }): Manifest {
  const sealed = files.get(MANIFEST_FILE);
  if (sealed === undefined) throw brokenCheckpoint(run, "has no manifest: somebody cut it.");
  const manifest = unsealOf(seal, { run, sealed });
  const found = digestsOf(files);
  for (const path of READABLE_FILES) {
    if (found[path] === manifest.digests[path]) continue;
    throw brokenCheckpoint(run, `holds another ${path} than Fanfold wrote: somebody changed it.`);
  }
  const ofAgents = [...files].filter(([path]) => isOfAgent(path));
  const isWhole =
    ofAgents.length === Object.keys(manifest.agents).length &&
    ofAgents.every(([path, bytes]) => manifest.agents[path] === digestOf(bytes));
  if (isWhole) return manifest;
  throw brokenCheckpoint(
    run,
    "does not hold what agents at work had said as Fanfold wrote it: somebody changed it.",
  );
}

function unsealOf(seal: Seal, { run, sealed }: { run: string; sealed: Uint8Array }): Manifest {
  try {
    return unseal(seal, sealed);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw unopenedCheckpoint(run, MANIFEST_FILE, error);
  }
}

export function digestsOf(files: Files): Record<string, string> {
  return Object.fromEntries(
    READABLE_FILES.filter((path) => files.has(path)).map((path) => [
      path,
      digestOf(files.get(path) ?? ""),
    ]),
  );
}
