// The port to the file of variables: held before GitHub gives its secrets, which it does once.

export interface VariablesFile {
  /** For people to read and type. */
  path: string;
  /** A file that was there before and is left as it is; null: there was none. */
  kept: string | null;
  /** Makes it, empty, for its owner alone. Rejects with `FileTrouble` when it cannot be, or is there. */
  hold(): Promise<HeldFile>;
}

export interface HeldFile {
  /** On disk when it resolves. Rejects with `FileTrouble`. */
  write(text: string): Promise<void>;
  /** Takes it away again, if nothing was written. */
  release(): Promise<void>;
}

/** The message is a sentence for people about the file. */
export class FileTrouble extends Error {
  override readonly name = "FileTrouble";
}
