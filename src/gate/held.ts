// An account that serves nobody until its owner does something, or a time comes.

import { ModelError } from "../agent/model.ts";

export interface Hold {
  error: ModelError;
  /** When the provider is asked again, in milliseconds since 1970. */
  until: number;
}

/** The same error for somebody else, with the time that is left until the provider is asked again. */
export function heldFor({ kind, message, cause }: ModelError, retryAfterMs: number): ModelError {
  return new ModelError(kind, message, { cause, retryAfterMs });
}

/** A turn was never sent: the account is held. */
export class HeldUp extends Error {
  override readonly name = "HeldUp";
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message, { cause: error });
    this.error = error;
  }
}
