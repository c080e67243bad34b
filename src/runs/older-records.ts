// What other versions of Fanfold wrote: earlier records are read as this one writes them, later ones are refused by name.

/** A run of a later version of Fanfold. */
export class NewerRun extends Error {
  override readonly name = "NewerRun";

  constructor(what: string, format: number) {
    super(
      `The run was written by a newer Fanfold (${what} ${format}; this one knows 1). It is left as it is, and nothing is lost. Start the newer version to go on with it.`,
    );
  }
}

/** Throws `NewerRun` when it says that a later version wrote it; `what` is the kind of format that its number counts. */
export function refuseNewer(raw: unknown, what = "format"): void {
  if (typeof raw !== "object" || raw === null) return;
  if ("v" in raw && typeof raw.v === "number" && raw.v > 1) throw new NewerRun(what, raw.v);
}

/** Of a record that an earlier version wrote: runs began with comments alone. */
export function asNow(raw: unknown): unknown {
  refuseNewer(raw);
  if (typeof raw !== "object" || raw === null) return raw;
  if ("said" in raw || !("commentId" in raw)) return raw;
  const { commentId, ...rest } = raw;
  return { ...rest, said: { kind: "comment", id: commentId } };
}
