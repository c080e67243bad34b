// Records that other versions of Fanfold wrote, read as this one writes them.

/** A run of a later version of Fanfold. */
export class NewerRun extends Error {
  override readonly name = "NewerRun";

  constructor(format: number) {
    super(
      `The run was written by a newer Fanfold (format ${format}; this one knows 1). It is left as it is. Start the newer version to go on with it.`,
    );
  }
}

/** Of a record that an earlier version wrote: runs began with comments alone. */
export function asNow(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  if ("v" in raw && typeof raw.v === "number" && raw.v > 1) throw new NewerRun(raw.v);
  if ("said" in raw || !("commentId" in raw)) return raw;
  const { commentId, ...rest } = raw;
  return { ...rest, said: { kind: "comment", id: commentId } };
}
