// Takes tokens out of text before it is logged or shown.

import { createRedaction } from "../../outgoing/secrets.ts";

const withoutTokens = createRedaction([]);
const authorization = /\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{16,}/gi;
const inAddress = /(https?:\/\/)[^\s/@]+@/g;

/** The text with everything shaped like a token, every authorization value and address password replaced by `[redacted]`. */
export function redact(text: string): string {
  return withoutTokens(text)
    .replace(authorization, "$1 [redacted]")
    .replace(inAddress, "$1[redacted]@");
}
