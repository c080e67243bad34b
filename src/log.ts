// Probot's logger as our port: errors become plain words first, and no secret passes.

import { redact } from "./outside/github/redact.ts";
import type { Log } from "./world/log.ts";

/** The levels of a logger such as pino's that we use. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Wraps a logger. Errors lose everything but names, messages and stacks: requests and payloads hang on them. */
export function createLog(logger: Logger): Log {
  return {
    info: (fields, message) => logger.info(plain(fields), hide(message)),
    warn: (fields, message) => logger.warn(plain(fields), hide(message)),
    error: (fields, message) => logger.error(plain(fields), hide(message)),
  };
}

function plain(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(value)]));
}

function shown(value: unknown): unknown {
  if (value instanceof Error) return plainError(value);
  return typeof value === "string" ? hide(value) : value;
}

interface PlainError {
  type: string;
  message: string;
  stack: string;
  cause?: PlainError;
}

function plainError(error: Error, depth = 0): PlainError {
  const { name, message, stack, cause } = error;
  const words = { type: name, message: hide(message), stack: hide(stack ?? "") };
  return cause instanceof Error && depth < 5
    ? { ...words, cause: plainError(cause, depth + 1) }
    : words;
}

const modelKey = /\bsk-[A-Za-z0-9_-]{16,}/gu;
const privateKey =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu;

/** The text without anything that looks like a token or a key. */
export function hide(text: string): string {
  return redact(text.replaceAll(privateKey, "[redacted]").replaceAll(modelKey, "[redacted]"));
}
