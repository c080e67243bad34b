// Takes tokens out of text before it is logged or shown.

// Installation tokens come in two forms: `ghs_` with 36 characters, and `ghs_<app>_<JWT>` with dots and dashes.
const githubToken = /\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9._-]{20,}/g;
const authorization = /\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{16,}/gi;
const jsonWebToken = /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g;
const inAddress = /(https?:\/\/)[^\s/@]+@/g;

/** The text with every GitHub token, JWT, authorization value and address password replaced by `[redacted]`. */
export function redact(text: string): string {
  return text
    .replace(githubToken, "[redacted]")
    .replace(jsonWebToken, "[redacted]")
    .replace(authorization, "$1 [redacted]")
    .replace(inAddress, "$1[redacted]@");
}
