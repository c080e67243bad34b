// Folds one change into the trunk; what git cannot merge comes back as data.

import type { RunContext } from "./context.ts";
import type { ChangeRecord, Fold, LeftOut } from "./records.ts";

export type FoldResult = { kind: "folded"; fold: Fold } | { kind: "left-out"; leftOut: LeftOut };

/** Folds into the trunk as it stands; the caller applies the record, alone and in journal order. */
export async function foldOne(
  context: RunContext,
  change: Pick<ChangeRecord, "id" | "head" | "label">,
  ours: string = context.ledger.trunk,
): Promise<FoldResult> {
  const { mirror, run } = context;
  const folded = await mirror.fold({
    ours,
    theirs: change.head,
    message: `Fold in ${change.id}\n\nFanfold-Run: ${run.id}\nFanfold-Worker: ${change.id}\n`,
    author: run.author,
    at: context.now(),
  });
  switch (folded.kind) {
    case "folded":
      await mirror.keep(`${run.id}/trunk`, folded.commit);
      return {
        kind: "folded",
        fold: { change: change.id, head: change.head, commit: folded.commit, tree: folded.tree },
      };
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
