// What GitHub did not do, and why: the one error that a forge rejects with.

/** `unreachable` covers every answer that is not GitHub's own word: read back before repeating a write. */
export type ForgeErrorKind = "not-found" | "forbidden" | "refused" | "limited" | "unreachable";

/** What GitHub said no to. */
export class ForgeError extends Error {
  override readonly name = "ForgeError";
  readonly kind: ForgeErrorKind;
  /** For `limited`: milliseconds GitHub asked us to wait. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: ForgeErrorKind,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number | null } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
