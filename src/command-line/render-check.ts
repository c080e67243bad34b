// What `fanfold check` prints for one script, in the manner of a compiler.

import { frameOf, type Problem } from "../script/problem.ts";
import type { Paint } from "./terminal.ts";

/** One error or note: what, where, the line with carets, and what to do. */
export function renderFinding(
  finding: Problem,
  where: { file: string; source: string; kind: "error" | "note" },
  paint: Paint,
): string {
  const { line, column, message, help } = finding;
  const color = where.kind === "error" ? paint.red : paint.yellow;
  const { text, mark } = frameOf(where.source, finding);
  const gutter = String(line);
  const blank = " ".repeat(gutter.length);
  const bar = paint.blue("|");
  return [
    `${paint.bold(color(where.kind))}${paint.bold(`: ${message}`)}`,
    `${blank}${paint.blue("-->")} ${where.file}:${line}:${column}`,
    `${blank} ${bar}`,
    `${paint.blue(gutter)} ${bar} ${text}`,
    `${blank} ${bar} ${color(mark)}`,
    ...(help === undefined ? [] : [`${blank} ${paint.blue("=")} ${paint.bold("help")}: ${help}`]),
  ].join("\n");
}

/** A script that could not even be read. */
export function renderUnread({ file, message }: { file: string; message: string }, paint: Paint) {
  return `${paint.bold(paint.red("error"))}${paint.bold(`: ${file}: ${message}`)}`;
}
