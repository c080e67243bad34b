// The checkpoint: a run as a chain of commits under its state ref, readable on any machine with the key.

import type { Entry } from "../engine/journal.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import { stateRefOf } from "./names.ts";
import { RunRecord } from "./record.ts";
import {
  type AgentsTick,
  digestsOfAgents,
  isOfAgent,
  type KeptAgents,
  openKeptAgents,
} from "./kept-agents.ts";
import { type Seal, SealBroken } from "./seal.ts";
import type { KeptLines } from "./transcripts.ts";
import { toLines } from "./journal-file.ts";
import type { Lease } from "./lease.ts";
import {
  digestsOf,
  MANIFEST_FILE,
  openManifest,
  RECORD_FILE,
  SCRIPT_FILE,
  sealManifest,
} from "./manifest.ts";
import { sealedAnew } from "./sealed-anew.ts";
import { digestOfSegments, digestWith, openSegments, segmentPath } from "./segments.ts";

/** What a checkpoint holds once it is opened. */
export interface Checkpoint {
  commit: Oid;
  record: RunRecord;
  script: string | null;
  entries: Entry[];
  /** Segments in the tree; the next one gets this number plus one. */
  segments: number;
  /** Of all of them together, with those in `anew` as if they were there. */
  journalDigest: string;
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
  /** Of all segments before it. */
  journalDigest: string;
  agents: AgentsTick;
  lease: Lease;
  /** What stands beside, for people and other programs; never read again, and kept by the ticks that follow. */
  beside?: ReadonlyMap<string, Uint8Array>;
  /** As in the checkpoint that this one follows: it goes along, but for agents that are not kept any more. */
  anew?: Checkpoint["anew"];
  at: number;
}

const WRITER: Identity = { name: "fanfold", email: "checkpoint@fanfold.invalid" };

/**
 * Makes the next commit of the chain, with the digest of all segments so far; the publisher pushes it together with
 * the branches it speaks of.
 */
export async function commitCheckpoint(
  mirror: Pick<Mirror, "commitFiles">,
  seal: Seal,
  tick: CheckpointTick,
): Promise<{ commit: Oid; journalDigest: string }> {
  const files = new Map<string, Uint8Array>();
  files.set(RECORD_FILE, Buffer.from(`${JSON.stringify(tick.record, null, 2)}\n`));
  if (tick.script !== null) files.set(SCRIPT_FILE, Buffer.from(tick.script));
  let { journalDigest } = tick;
  if (tick.entries.length > 0) {
    const path = segmentPath(tick.segment);
    const sealed = seal.seal(path, toLines(tick.entries));
    files.set(path, sealed);
    journalDigest = digestWith(journalDigest, sealed);
  }
  const segments = tick.entries.length > 0 ? tick.segment : tick.segment - 1;
  const agents = digestsOfAgents(tick.agents.kept);
  const { lease } = tick;
  const manifest = { digests: digestsOf(files), segments, journalDigest, agents, lease };
  files.set(MANIFEST_FILE, sealManifest(seal, manifest));
  const commit = await mirror.commitFiles({
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
  return { commit, journalDigest };
}

const stillKept = (
  anew: Checkpoint["anew"],
  agents: Readonly<Record<string, string>>,
): [string, Uint8Array][] => [...anew].filter(([path]) => !isOfAgent(path) || path in agents);

/** Reads and authenticates a checkpoint; null when the remote has none. Throws `SealBroken` when it is not ours. */
export async function readCheckpoint(
  mirror: Pick<Mirror, "fetch" | "readFiles">,
  seal: Seal,
  { run, repositoryId }: { run: string; repositoryId: number },
): Promise<Checkpoint | null> {
  const commit = await mirror.fetch(stateRefOf(run));
  if (commit === null) return null;
  const files = await mirror.readFiles(commit);
  const manifest = openManifest(seal, { run, files });
  const record = RunRecord.parse(JSON.parse(textOf(files, RECORD_FILE) ?? "null"));
  if (record.repository.repositoryId !== repositoryId) {
    throw new SealBroken(
      `The checkpoint ${stateRefOf(run)} belongs to another repository (${record.repository.owner}/${record.repository.name}) and was copied here. ` +
        "Nothing of it was used. Delete the ref, or post the command again to start a run of this repository.",
    );
  }
  const { entries, segments } = openSegments(seal, { run, files, manifest });
  const anew = sealedAnew(files, seal);
  const then = new Map([...files, ...anew]);
  return {
    commit,
    record,
    script: textOf(files, SCRIPT_FILE),
    entries,
    segments,
    journalDigest: digestOfSegments(then),
    agents: openKeptAgents(then, seal),
    lease: manifest.lease,
    anew,
  };
}

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string | null {
  const bytes = files.get(path);
  return bytes === undefined ? null : Buffer.from(bytes).toString("utf8");
}
