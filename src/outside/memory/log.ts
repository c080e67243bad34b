// A log that keeps its lines, for tests that ask what an operator would have seen.

import type { Log } from "../../world/log.ts";

interface LogLine {
  level: "info" | "warn" | "error";
  fields: object;
  message: string;
}

export interface MemoryLog extends Log {
  readonly lines: readonly LogLine[];
}

export function createMemoryLog(): MemoryLog {
  const lines: LogLine[] = [];
  const at = (level: LogLine["level"]) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}
