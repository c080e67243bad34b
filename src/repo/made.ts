// Remembers what the commits did that were made here lately, so that folding them needs no look at their trees.

import { createHash } from "node:crypto";

import type { Oid } from "./git-data.ts";
import type { TreeDifference } from "./tree-diff.ts";

/** Paths of all remembered commits together. */
const PATHS_MAX = 20_000;

export interface MadeCommit {
  parent: Oid;
  did: readonly TreeDifference[];
}

export interface Made {
  note(commit: Oid, made: MadeCommit): void;
  /** Null for a commit that came from elsewhere, or was made long ago. */
  of(commit: Oid): MadeCommit | null;
}

export function openMade(): Made {
  const commits = new Map<Oid, MadeCommit>();
  let paths = 0;
  return {
    note: (commit, made) => {
      if (commits.has(commit)) return;
      commits.set(commit, made);
      paths += made.did.length;
      for (const [oldest, { did }] of commits) {
        if (paths <= PATHS_MAX) break;
        commits.delete(oldest);
        paths -= did.length;
      }
    },
    of: (commit) => commits.get(commit) ?? null,
  };
}

/** The id that git gives a file's contents. */
export const blobOidOf = (bytes: Uint8Array): Oid =>
  createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
