// Folds changes into the trunk; what git cannot merge comes back as data.

import type { Folded, FoldOrder, Oid } from "../repo/git-data.ts";
import type { RunContext } from "./context.ts";
import type { ChangeRecord, Fold, LeftOut } from "./records.ts";

export type FoldResult = { kind: "folded"; fold: Fold } | { kind: "left-out"; leftOut: LeftOut };

type Foldable = Pick<ChangeRecord, "id" | "head" | "label">;

/** Folds into the trunk as it stands; the caller applies the record, alone and in journal order. */
export async function foldOne(context: RunContext, change: Foldable): Promise<FoldResult> {
  const [result] = await foldMany(context, [change]);
  return result ?? leftOut(change.id, "it was not folded", []);
}

/** The same for many: first those folded in, as the trunk now holds them, then those left out. */
export async function foldMany(
  context: RunContext,
  changes: readonly Foldable[],
  order: FoldOrder = "given",
): Promise<FoldResult[]> {
  const { mirror, run, ledger } = context;
  const folds = await mirror.foldAll({
    ours: ledger.trunk,
    changes: changes.map(({ id, head }) => ({
      theirs: head,
      message: foldMessage(run.id, id),
    })),
    order,
    author: run.author,
    at: context.now(),
  });
  const all = changes.map((change, at) => ({ at, result: resultOf(change, folds.results[at]) }));
  const folded = folds.order.flatMap((at) => all[at] ?? []);
  const others = all.filter(({ at }) => !folds.order.includes(at));
  const last = folded.at(-1)?.result;
  if (last?.kind === "folded") await mirror.keep(`${run.id}/trunk`, last.fold.commit);
  return [...folded, ...others].map(({ result }) => result);
}

/** Folds onto a commit that is not the trunk yet; nobody is told of it. */
export async function foldOnto(
  { mirror, run, now }: RunContext,
  { tip, change }: { tip: Oid; change: Foldable },
): Promise<Folded> {
  return await mirror.fold({
    ours: tip,
    theirs: change.head,
    message: foldMessage(run.id, change.id),
    author: run.author,
    at: now(),
  });
}

/** The message of a merge into the trunk. CI is for the signed commits, which a person lets through where it matters. */
export const foldMessage = (run: string, change: string): string =>
  `Fold in ${change} [skip ci]\n\nFanfold-Run: ${run}\nFanfold-Worker: ${change}\n`;

function resultOf(change: Foldable, folded: Folded = { kind: "nothing-to-fold" }): FoldResult {
  switch (folded.kind) {
    case "folded": {
      const { commit, tree } = folded;
      return { kind: "folded", fold: { change: change.id, head: change.head, commit, tree } };
    }
    case "nothing-to-fold":
      return leftOut(change.id, "it is in the trunk already", []);
    case "conflicted": {
      const paths = folded.conflicts.map(({ path }) => path);
      return leftOut(
        change.id,
        `it conflicts with what was folded in before, in ${paths.join(", ")}`,
        paths,
      );
    }
  }
}

const leftOut = (id: string, reason: string, paths: string[]): FoldResult => ({
  kind: "left-out",
  leftOut: { id, reason, paths },
});
