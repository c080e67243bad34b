// Probot's logger as our port: errors become plain words first, and no secret passes.

import { createRedaction } from "./outgoing/secrets.ts";
import { redact } from "./outside/github/redact.ts";
import type { Log } from "./world/log.ts";

/** The levels of a logger such as pino's that we use. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What this process holds. */
interface Known {
  dataDir?: string;
  /** Values that stand in no line, whatever their shape. */
  secrets?: readonly string[];
}

type Hide = (text: string) => string;

/**
 * Wraps a logger. Errors lose everything but names, messages and stacks: requests and payloads hang on them. The data folder
 * goes by the variable that names it.
 */
export function createLog(logger: Logger, { dataDir, secrets = [] }: Known = {}): Log {
  const withoutOwn = createRedaction(secrets);
  const tidy: Hide = (text) => {
    const clean = withoutOwn(hide(text));
    return dataDir === undefined ? clean : clean.replaceAll(dataDir, "FANFOLD_DATA");
  };
  return {
    info: (fields, message) => logger.info(plain(fields, tidy), tidy(message)),
    warn: (fields, message) => logger.warn(plain(fields, tidy), tidy(message)),
    error: (fields, message) => logger.error(plain(fields, tidy), tidy(message)),
  };
}

function plain(fields: object, tidy: Hide): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [name, shown(value, tidy)]);
  return Object.fromEntries(entries);
}

function shown(value: unknown, tidy: Hide): unknown {
  if (value instanceof Error) return plainError(value, tidy);
  return typeof value === "string" ? tidy(value) : value;
}

interface PlainError {
  type: string;
  message: string;
  stack: string;
  cause?: PlainError;
}

function plainError(error: Error, tidy: Hide, depth = 0): PlainError {
  const { name, message, stack, cause } = error;
  const words = { type: name, message: tidy(message), stack: tidy(stack ?? "") };
  return cause instanceof Error && depth < 5
    ? { ...words, cause: plainError(cause, tidy, depth + 1) }
    : words;
}

const modelKey = /\bsk-[A-Za-z0-9_-]{16,}/gu;
const privateKey =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu;

/** The text without anything that looks like a token or a key. */
export function hide(text: string): string {
  return redact(text.replaceAll(privateKey, "[redacted]").replaceAll(modelKey, "[redacted]"));
}
