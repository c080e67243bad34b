// The port to a question about the model that costs nothing: does the key work, and is the model there.

export type ModelCheck =
  | { kind: "there" }
  /** The key works. `others` are some of the models that are there. */
  | { kind: "not-there"; others: readonly string[] }
  /** There is no free way to ask; the sentence says why. */
  | { kind: "untold"; why: string };

/** Asks about a model by its full id. Rejects with `ModelError`, or with an error that says what is not installed here. */
export type CheckModel = (id: string) => Promise<ModelCheck>;
