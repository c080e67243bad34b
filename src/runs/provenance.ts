// Which change made each hunk of a run's result: followed from fold to fold, over the line that the result was made of.

import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import type { LineCount } from "../repo/line-counts.ts";
import { openLineOwners, type OwnedHunk } from "../repo/line-owners.ts";
import type { Fold } from "../steps/records.ts";
import type { FinalLine } from "./final-line.ts";
import type { Publications } from "./publications.ts";

/** Lines and folds of a result whose hunks are followed; more of them are for a machine to look through. */
const LINES_MOST = 100_000;
const FOLDS_MOST = 1_000;

/** A change that made lines; `isResolved` when an agent resolved a conflict of this path as the change was folded in. */
export interface Maker {
  change: string;
  isResolved: boolean;
}

/** What one fold made of a hunk. */
export interface Made {
  /** Several only where one commit holds several changes that touched the path. */
  makers: readonly Maker[];
  lines: number;
  /** The commit of the result that holds it; null in journals of before they were kept. */
  commit: Oid | null;
}

export type ProvenHunk = Pick<OwnedHunk, "path" | "before" | "after"> & { by: readonly Made[] };

export type Provenance = { kind: "known"; hunks: readonly ProvenHunk[] } | { kind: "too-large" };

interface Given {
  line: FinalLine;
  publications: Publications;
  counts: readonly LineCount[];
  /** Signed commits in the order of the line; one when they were squashed. */
  commits: readonly Oid[];
}

/** Costs one difference of two trees for each fold. Rejects with `GitError`. */
export async function provenanceOf(
  mirror: Pick<Mirror, "diff">,
  { line, publications, counts, commits }: Given,
): Promise<Provenance> {
  const steps = stepsOf(line, publications.ledger.folds);
  const lines = counts.reduce(
    (sum, { lines: each }) => sum + (each?.added ?? 0) + (each?.removed ?? 0),
    0,
  );
  if (lines > LINES_MOST || steps.length > FOLDS_MOST) return { kind: "too-large" };
  const owners = openLineOwners();
  let from: Oid = line.on;
  for (const { tree } of steps) {
    owners.step(await mirror.diff(from, tree));
    from = tree;
  }
  const whole = await mirror.diff(line.on, from);
  const makersOf = openMakers(publications);
  const hunks = owners.of(whole).map(({ by, ...hunk }) => ({
    ...hunk,
    by: by.map((part) => ({
      makers: makersOf(steps[part.step]?.changes ?? [], hunk.path),
      lines: part.lines,
      commit: commits[commits.length === 1 ? 0 : part.step] ?? null,
    })),
  }));
  return { kind: "known", hunks };
}

/** The finest steps there are: the folds themselves, unless they were put on another commit. */
const stepsOf = (line: FinalLine, folds: readonly Fold[]): FinalLine["steps"] =>
  line.base.kind === "on-top"
    ? line.steps
    : folds.map(({ change, tree }) => ({ changes: [change], tree }));

/** Of several changes in one commit those count that touched the path; all of them where none says so. */
function openMakers({
  ledger,
  records,
}: Publications): (changes: readonly string[], path: string) => Maker[] {
  const resolved = new Set(
    records.flatMap(({ record }) =>
      record.kind === "changed" || record.kind === "combined"
        ? record.resolutions
            .filter(({ reason }) => reason === null)
            .flatMap(({ change, paths }) => paths.map((path) => `${change}\0${path}`))
        : [],
    ),
  );
  return (changes, path) => {
    const near = changes.filter((id) =>
      ledger.changes.get(id)?.files.some((file) => file.path === path),
    );
    return (changes.length === 1 || near.length === 0 ? changes : near).map((change) => ({
      change,
      isResolved: resolved.has(`${change}\0${path}`),
    }));
  };
}
