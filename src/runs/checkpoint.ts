// The checkpoint: a run as a chain of commits under its state ref, readable on any machine with the key.

import { z } from "zod";

import type { Entry } from "../engine/journal.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import { stateRefOf } from "./names.ts";
import { RunRecord } from "./record.ts";
import {
  type AgentsTick,
  digestOf,
  digestsOfAgents,
  isOfAgent,
  type KeptAgents,
  openKeptAgents,
} from "./kept-agents.ts";
import { type Seal, SealBroken } from "./seal.ts";
import type { KeptLines } from "./transcripts.ts";
import { parseJournal, toLines } from "./journal-file.ts";
import { Lease } from "./lease.ts";

/** What a checkpoint holds once it is opened. */
export interface Checkpoint {
  commit: Oid;
  record: RunRecord;
  script: string | null;
  entries: Entry[];
  /** Segments in the tree; the next one gets this number plus one. */
  segments: number;
  /** Agents that were at work, and what they had said. */
  agents: { kept: KeptAgents; lines: KeptLines[] };
  /** Null in one of before there were leases. */
  lease: Lease | null;
  /** What an older key sealed, sealed with the newest one, by path; `agents` tells of it as if it were there. */
  anew: ReadonlyMap<string, Uint8Array>;
}

/** What is added to the chain by one push. */
export interface CheckpointTick {
  parent: Oid | null;
  record: RunRecord;
  /** Null as long as there is none. */
  script: string | null;
  /** Entries since the last tick; may be empty. */
  entries: readonly Entry[];
  /** Number of the new segment, from 1. */
  segment: number;
  agents: AgentsTick;
  lease: Lease;
  /** What stands beside, for people and other programs; never read again, and kept by the ticks that follow. */
  beside?: ReadonlyMap<string, Uint8Array>;
  /** As in the checkpoint that this one follows: it goes along, but for agents that are not kept any more. */
  anew?: Checkpoint["anew"];
  at: number;
}

const WRITER: Identity = { name: "fanfold", email: "checkpoint@fanfold.invalid" };
const RECORD_FILE = "run.json";
const SCRIPT_FILE = "script.js";
const MANIFEST_FILE = "manifest";
const SEGMENTS = "journal/";
const READABLE_FILES = [RECORD_FILE, SCRIPT_FILE];

const Manifest = z.object({
  digests: z.record(z.string(), z.string()),
  segments: z.int().nonnegative(),
  agents: z.record(z.string(), z.string()).default({}),
  lease: Lease.nullable().default(null),
});
type Manifest = z.infer<typeof Manifest>;

/** Makes the next commit of the chain; the publisher pushes it together with the branches it speaks of. */
export async function commitCheckpoint(
  mirror: Pick<Mirror, "commitFiles">,
  seal: Seal,
  tick: CheckpointTick,
): Promise<Oid> {
  const files = new Map<string, Uint8Array>();
  files.set(RECORD_FILE, Buffer.from(`${JSON.stringify(tick.record, null, 2)}\n`));
  if (tick.script !== null) files.set(SCRIPT_FILE, Buffer.from(tick.script));
  if (tick.entries.length > 0) {
    const path = segmentPath(tick.segment);
    files.set(path, seal.seal(path, toLines(tick.entries)));
  }
  const segments = tick.entries.length > 0 ? tick.segment : tick.segment - 1;
  const agents = digestsOfAgents(tick.agents.kept);
  const { lease } = tick;
  const manifest = { digests: digestsOf(files), segments, agents, lease };
  files.set(MANIFEST_FILE, sealManifest(seal, manifest));
  return mirror.commitFiles({
    parent: tick.parent,
    files: new Map([
      ...(tick.beside ?? []),
      ...stillKept(tick.anew ?? new Map(), agents),
      ...files,
      ...tick.agents.files,
    ]),
    // The manifest speaks of every readable file: one that this driver does not have must not stay from before.
    removed: [...tick.agents.removed, ...(tick.script === null ? [SCRIPT_FILE] : [])],
    message: `${tick.record.id}: ${tick.record.status}`,
    author: WRITER,
    at: tick.at,
  });
}

const stillKept = (anew: Checkpoint["anew"], agents: Manifest["agents"]): [string, Uint8Array][] =>
  [...anew].filter(([path]) => !isOfAgent(path) || path in agents);

/** Reads and authenticates a checkpoint; null when the remote has none. Throws `SealBroken` when it is not ours. */
export async function readCheckpoint(
  mirror: Pick<Mirror, "fetch" | "readFiles">,
  seal: Seal,
  { run, repositoryId }: { run: string; repositoryId: number },
): Promise<Checkpoint | null> {
  const commit = await mirror.fetch(stateRefOf(run));
  if (commit === null) return null;
  const files = await mirror.readFiles(commit);
  const manifest = openManifest(seal, files);
  const record = RunRecord.parse(JSON.parse(textOf(files, RECORD_FILE) ?? "null"));
  if (record.repository.repositoryId !== repositoryId) {
    throw new SealBroken(
      `The checkpoint ${stateRefOf(run)} belongs to another repository (${record.repository.owner}/${record.repository.name}) and was copied here. ` +
        "Nothing of it was used. Delete the ref, or post the command again to start a run of this repository.",
    );
  }
  const segmentPaths = [...files.keys()].filter((path) => path.startsWith(SEGMENTS)).sort();
  const entries = segmentPaths.flatMap((path) => {
    const plain = seal.open(path, files.get(path) ?? new Uint8Array());
    return parseJournal(Buffer.from(plain));
  });
  if (segmentPaths.length !== manifest.segments) {
    throw new SealBroken(
      `The checkpoint should hold ${manifest.segments} journal segments and holds ${segmentPaths.length}: ` +
        "somebody cut it. Restore the ref to an earlier commit of its own chain, or start the run again.",
    );
  }
  const anew = sealedAnew(files, seal);
  return {
    commit,
    record,
    script: textOf(files, SCRIPT_FILE),
    entries,
    segments: segmentPaths.length,
    agents: openKeptAgents(new Map([...files, ...anew]), seal),
    lease: manifest.lease,
    anew,
  };
}

/** Segments are never written again, so that those of a run that goes on for long would stay under a key that is given up. */
function sealedAnew(files: ReadonlyMap<string, Uint8Array>, seal: Seal): Checkpoint["anew"] {
  const isSealed = (path: string): boolean =>
    path === MANIFEST_FILE || path.startsWith(SEGMENTS) || isOfAgent(path);
  const older = [...files].filter(
    ([path, bytes]) => isSealed(path) && !seal.isOfNewest(path, bytes),
  );
  return new Map(older.map(([path, bytes]) => [path, seal.seal(path, seal.open(path, bytes))]));
}

/** Binds the readable files to the seal: what a person with write access changes in them is noticed. */
function sealManifest(seal: Seal, manifest: Manifest): Uint8Array {
  return seal.seal(MANIFEST_FILE, Buffer.from(JSON.stringify(manifest)));
}

const unsealManifest = (seal: Seal, sealed: Uint8Array): Manifest =>
  Manifest.parse(JSON.parse(Buffer.from(seal.open(MANIFEST_FILE, sealed)).toString("utf8")));

/** The driver's word in a sealed manifest. */
export const leaseIn = (seal: Seal, manifest: Uint8Array): Lease | null =>
  unsealManifest(seal, manifest).lease;

function openManifest(seal: Seal, files: ReadonlyMap<string, Uint8Array>): Manifest {
  const manifest = unsealManifest(seal, files.get(MANIFEST_FILE) ?? new Uint8Array());
  const found = digestsOf(files);
  for (const path of READABLE_FILES) {
    if (found[path] !== manifest.digests[path]) {
      throw new SealBroken(
        `${path} of the checkpoint is not the one Fanfold wrote: somebody changed it. ` +
          "Restore the ref to an earlier commit of its own chain, or start the run again.",
      );
    }
  }
  const ofAgents = [...files].filter(([path]) => isOfAgent(path));
  const isWhole =
    ofAgents.length === Object.keys(manifest.agents).length &&
    ofAgents.every(([path, bytes]) => manifest.agents[path] === digestOf(bytes));
  if (isWhole) return manifest;
  throw new SealBroken(
    "What agents at work had said is not in the checkpoint as Fanfold wrote it: somebody changed it. " +
      "Restore the ref to an earlier commit of its own chain, or start the run again.",
  );
}

function digestsOf(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(
    READABLE_FILES.filter((path) => files.has(path)).map((path) => [
      path,
      digestOf(files.get(path) ?? ""),
    ]),
  );
}

const segmentPath = (segment: number): string => `${SEGMENTS}${String(segment).padStart(6, "0")}`;

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string | null {
  const bytes = files.get(path);
  return bytes === undefined ? null : Buffer.from(bytes).toString("utf8");
}
