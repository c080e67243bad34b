// What an earlier run of the same task has paid for and this one need not: edits to put on the trunk anew, and conflicts that were united.

import { isDeepStrictEqual } from "node:util";

import type { Json } from "../engine/json.ts";
import type { Conflict, Oid, TextEdit } from "../repo/git-data.ts";
import type { Snapshot } from "../repo/contract.ts";
import type { RunContext } from "./context.ts";
import { foldMessage, foldOnto } from "./fold.ts";
import { type InOrder, openInOrder } from "./in-order.ts";
import type { ChangeState } from "./ledger.ts";
import type { AgentReceipt, ChangeRecord, Fold, Resolution } from "./records.ts";

/** A plain agent whose edits were folded in. */
export interface EarlierEdits {
  answer: Json;
  /** As this run calls it; its commits are those of then. */
  change: ChangeRecord;
  /** Without cost. */
  worker: AgentReceipt;
  read: readonly string[];
  /** When it was folded in, among all that were: the lower, the earlier. */
  place: number;
}

/** A conflict that agents united, and whose merge was accepted. */
export interface EarlierUnion {
  /** The trunk before it. */
  before: Oid;
  fold: Fold;
  resolution: Resolution;
}

export interface Earlier {
  /** In the order of then, edits meet what they met then. */
  order: InOrder;
  editsOf(callKey: string): EarlierEdits | null;
  unionOf(change: Pick<ChangeRecord, "id" | "head">): EarlierUnion | null;
}

export const NOTHING_EARLIER: Earlier = {
  order: openInOrder(),
  editsOf: () => null,
  unionOf: () => null,
};

/** The edits that were put on the trunk of this run; or why they cannot be. */
export type PutOn =
  | { kind: "put"; change: ChangeRecord }
  | { kind: "nothing-left" }
  | { kind: "conflicted" };

/**
 * Edits that were made on a commit of the earlier run's trunk become a commit on this run's own: what else that trunk held is
 * none of theirs. Call it alone, like the fold that follows.
 */
export async function putOn(
  { mirror, ledger, run, now }: RunContext,
  change: ChangeRecord,
  message: string,
): Promise<PutOn> {
  const { base, head, id } = change;
  if (await mirror.isAncestor(base, ledger.trunk)) return { kind: "put", change };
  const replayed = await mirror.replay({
    base,
    onto: ledger.trunk,
    line: [head],
    isAlone: true,
    message,
    author: run.author,
    at: now(),
  });
  if (replayed.kind !== "replayed") return { kind: replayed.kind };
  await mirror.keep(`${run.id}/${id}`, replayed.tip);
  return { kind: "put", change: { ...change, base: ledger.trunk, head: replayed.tip } };
}

/** The merge of a change, where the conflict is the same to the letter as the one that was united then; null otherwise. */
export async function uniteAsBefore(
  context: RunContext,
  { tip, change, conflicts }: { tip: Oid; change: ChangeState; conflicts: readonly Conflict[] },
): Promise<{ fold: Fold; resolution: Resolution } | null> {
  const { mirror, run, now, earlier } = context;
  const union = earlier.unionOf(change);
  if (union === null) return null;
  const then = await foldOnto(context, { tip: union.before, change });
  if (then.kind !== "conflicted" || !isDeepStrictEqual(then.conflicts, conflicts)) return null;
  const merged = await mirror.foldResolved({
    ours: tip,
    theirs: change.head,
    conflicts,
    resolved: await textsAt(await mirror.snapshot(union.fold.commit), conflicts),
    message: foldMessage(run.id, change.id),
    author: run.author,
    at: now(),
  });
  if (merged === null) return null;
  const fold = { change: change.id, head: change.head, ...merged };
  return { fold, resolution: union.resolution };
}

function textsAt(snapshot: Snapshot, conflicts: readonly Conflict[]): Promise<TextEdit[]> {
  return Promise.all(
    conflicts.map(async ({ path }) => {
      const found = await snapshot.read(path);
      return { path, content: found?.kind === "text" ? found.text : null };
    }),
  );
}
