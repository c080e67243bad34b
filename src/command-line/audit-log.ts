// `fanfold audit-log`: whether the bot's own audit log is as it was written, and its lines.

import { join, resolve } from "node:path";

import { checkChain } from "../outside/audit-chain.ts";
import { readAuditLog } from "../outside/audit-log.ts";
import { many, type Terminal } from "./terminal.ts";

export interface AuditLogOptions {
  /** Print the lines as well. */
  lines?: boolean;
}

/** Resolves to the exit status: 1 when a line was changed, taken out or put in, or the log cannot be read. */
export async function runAuditLog(
  options: AuditLogOptions,
  variables: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const dir = join(resolve(variables["FANFOLD_DATA"] ?? "./data"), "audit-log");
  try {
    const lines = await readAuditLog(dir);
    if (options.lines === true) for (const line of lines) terminal.print(line);
    return verdict({ dir, lines }, terminal);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    terminal.complain(
      `The audit log in ${dir} cannot be read (${why}). Nothing was changed. Run this as the bot's user.`,
    );
    return 1;
  }
}

function verdict(
  { dir, lines }: { dir: string; lines: readonly string[] },
  { complain }: Terminal,
): number {
  const chained = checkChain(lines);
  if (chained.kind === "broken") {
    complain(
      `Line ${chained.line} of ${many(lines.length, "line")} in ${dir} does not follow from the one before it: here something was changed, taken out or put in. ` +
        "Nothing was changed now. Keep a copy, and compare it with a backup.",
    );
    return 1;
  }
  complain(
    `${many(chained.lines, "line")} in ${dir}, each follows from the one before. The last one: ${chained.last}`,
  );
  return 0;
}
