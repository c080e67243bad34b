// Folds changes into the trunk: first what git can merge, then, if agents may be asked, what it cannot.

import type { FoldOrder } from "../repo/git-data.ts";
import type { RunContext } from "./context.ts";
import { foldMany, foldOnto, type FoldResult } from "./fold.ts";
import { knownChange } from "./known-change.ts";
import { applyRecord, type ChangeState, type Verdict, verdictOf } from "./ledger.ts";
import type { Fold, LeftOut, StepRecord } from "./records.ts";
import {
  AGENTS_PER_CONFLICT,
  type Asking,
  NOBODY,
  resolveConflict,
  type Resolving,
} from "./resolve.ts";

export type Combined = Extract<StepRecord, { kind: "combined" }>;

export interface Combining {
  ids: readonly string[];
  order: FoldOrder;
  /** Who asks for agents; null: conflicts stay as they are. */
  asking: Asking | null;
}

/** Runs alone: it moves the trunk from where it stands then. */
export async function foldChanges(
  context: RunContext,
  { ids, order, asking }: Combining,
): Promise<Combined> {
  const changes = ids.map((id) => knownChange(context.ledger, id, "combine"));
  const judged = changes.map((change) => ({ change, verdict: verdictOf(change) }));
  const passes = ({ verdict }: { verdict: Verdict }): boolean =>
    verdict === "accepted" || context.combineUnaccepted;
  const accepted = judged.filter(passes).map(({ change }) => change);
  const results = await foldMany(context, accepted, order);
  const refused = judged
    .filter((one) => !passes(one))
    .map(({ change: { id }, verdict }) => notAccepted(id, verdict));
  const merged = mergedOf(results, refused);
  const record = asking === null ? merged : await resolveAll(context, asking, merged);
  applyRecord(context.ledger, record);
  return record;
}

function mergedOf(results: readonly FoldResult[], refused: readonly LeftOut[]): Combined {
  const left = results.flatMap((result) => (result.kind === "left-out" ? [result.leftOut] : []));
  return {
    kind: "combined",
    folds: results.flatMap((result) => (result.kind === "folded" ? [result.fold] : [])),
    leftOut: [
      ...refused,
      ...left.filter(({ paths }) => paths.length === 0),
      ...left.filter(({ paths }) => paths.length > 0),
    ],
    resolutions: [],
    agents: [],
    read: [],
  };
}

const notAccepted = (id: string, verdict: Verdict): LeftOut => ({
  id,
  reason: `its verdict is ${verdict}, not accepted`,
  paths: [],
});

/** One after the other: each resolution is made where the one before left the trunk. */
async function resolveAll(
  context: RunContext,
  asking: Asking,
  merged: Combined,
): Promise<Combined> {
  const record = { ...merged, folds: [...merged.folds], leftOut: [] as LeftOut[] };
  const { mirror, run, ledger } = context;
  const tip = (): string => record.folds.at(-1)?.commit ?? ledger.trunk;
  let conflicts = 0;
  for (const left of merged.leftOut) {
    if (left.paths.length === 0) {
      record.leftOut.push(left);
      continue;
    }
    const change = knownChange(ledger, left.id, "combine");
    const ours = requirementsAt(context, { paths: left.paths, folds: record.folds });
    const firstAgent = AGENTS_PER_CONFLICT * conflicts++;
    const found = await resolveOne(context, { asking, firstAgent, tip: tip(), change, ours });
    if (found.fold !== null) record.folds.push(found.fold);
    else record.leftOut.push({ ...left, reason: [left.reason, ...whyNot(found)].join("; ") });
    if (found.resolution !== null) record.resolutions = [...record.resolutions, found.resolution];
    record.agents = [...record.agents, ...found.agents];
    record.read = [...new Set([...record.read, ...found.read])];
  }
  if (tip() !== ledger.trunk) await mirror.keep(`${run.id}/trunk`, tip());
  return record;
}

export function whyNot({ resolution, unasked }: Resolving): string[] {
  const reason = resolution?.reason ?? unasked;
  return reason === null ? [] : [reason];
}

/** What was folded in meanwhile may have settled the conflict, or made it another one. */
export async function resolveOne(
  context: RunContext,
  open: Omit<Parameters<typeof resolveConflict>[1], "conflicts">,
): Promise<Resolving> {
  const folded = await foldOnto(context, { tip: open.tip, change: open.change });
  if (folded.kind === "conflicted")
    return await resolveConflict(context, { ...open, conflicts: folded.conflicts });
  if (folded.kind === "nothing-to-fold") return NOBODY;
  const { id, head } = open.change;
  const { commit, tree } = folded;
  return { ...NOBODY, fold: { change: id, head, commit, tree } };
}

/** What those were asked whose work in these files is in the trunk. */
export function requirementsAt(
  { ledger }: RunContext,
  { paths, folds }: { paths: readonly string[]; folds: readonly Fold[] },
): string[] {
  const ids = new Set([...ledger.folds, ...folds].map(({ change }) => change));
  const touches = ({ files }: ChangeState): boolean =>
    files.some(({ path }) => paths.includes(path));
  return [...ids]
    .flatMap((id) => ledger.changes.get(id) ?? [])
    .filter(touches)
    .map(({ requirement }) => requirement);
}
