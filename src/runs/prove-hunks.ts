// Follows a result's hunks to those who made them, and leaves the whole of it beside the checkpoint.

import type { Mirror } from "../repo/contract.ts";
import { GitError } from "../repo/git.ts";
import type { LineCount } from "../repo/line-counts.ts";
import type { Forge } from "../world/forge.ts";
import type { Effects } from "./effects.ts";
import type { FinalLine } from "./final-line.ts";
import type { LiveRun } from "./live.ts";
import { type Provenance, provenanceOf } from "./provenance.ts";
import type { Publications } from "./publications.ts";
import type { Publisher } from "./publisher.ts";
import { leavesOut } from "./render/provenance.ts";
import type { Signed } from "./sign.ts";
import { PROVENANCE_FILE, statementOf } from "./statement.ts";

export interface ProvingWorld {
  mirror: Pick<Mirror, "diff">;
  forge: Pick<Forge, "pageOf">;
  publisher: Pick<Publisher, "attach" | "flush" | "checkpoint">;
  effects: Pick<Effects, "pulls">;
}

export interface Proving {
  line: FinalLine;
  signed: Signed;
  publications: Publications;
  counts: readonly LineCount[];
  signal: AbortSignal;
}

/** `page` is set where the body cannot hold all: then the file is pushed first, so that the link leads somewhere. */
export async function proveHunks(
  { mirror, forge, publisher, effects: { pulls } }: ProvingWorld,
  run: LiveRun,
  { line, signed, publications, counts, signal }: Proving,
): Promise<{ hunks: Provenance; page: string | null }> {
  const commits = signed.shas;
  const provenance = await follow(mirror, { line, publications, counts, commits });
  const facts = { record: run.record(), publications, provenance, pulls };
  publisher.attach(PROVENANCE_FILE, statementOf({ ...facts, head: signed.head, on: line.on }));
  if (!leavesOut({ publications, pulls, provenance, page: null }))
    return { hunks: provenance, page: null };
  await publisher.flush(signal);
  const commit = publisher.checkpoint();
  const page = commit === null ? null : forge.pageOf({ commit, path: PROVENANCE_FILE });
  return { hunks: provenance, page };
}

/** A difference that git cannot show within its limits is no reason to keep a result back. */
async function follow(
  mirror: Pick<Mirror, "diff">,
  given: Parameters<typeof provenanceOf>[1],
): Promise<Provenance> {
  try {
    return await provenanceOf(mirror, given);
  } catch (error) {
    if (error instanceof GitError) return { kind: "too-large" };
    throw error;
  }
}
