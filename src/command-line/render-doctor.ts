// What `fanfold doctor` prints: a line for each finding, with what to do below it.

import { type Finding, type Level, subjects } from "../doctor/finding.ts";
import { many, type Paint } from "./terminal.ts";

const NAME_CHARS = Math.max(...Object.values(subjects).map(({ length }) => length));

export function renderDoctor(findings: readonly Finding[], paint: Paint): string {
  const lines = findings.flatMap((finding) => renderOne(finding, paint));
  return [...lines, "", verdict(findings, paint)].join("\n");
}

function renderOne({ id, level, found, fix }: Finding, paint: Paint): string[] {
  const line = `${markOf(level, paint)} ${paint.bold(subjects[id].padEnd(NAME_CHARS))}  ${found}`;
  return fix === undefined ? [line] : [line, `${" ".repeat(NAME_CHARS + 4)}→ ${fix}`];
}

function markOf(level: Level, paint: Paint): string {
  switch (level) {
    case "ok":
      return paint.green("✓");
    case "warning":
      return paint.yellow("!");
    case "failure":
      return paint.red("✗");
  }
}

function verdict(findings: readonly Finding[], paint: Paint): string {
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const [failures, warnings] = [count("failure"), count("warning")];
  const noted = warnings === 0 ? "" : `, ${many(warnings, "warning")}`;
  return failures === 0
    ? `${paint.green("✓")} The bot can work${noted}.`
    : `${paint.red("✗")} ${many(failures, "failure")}${noted}: the bot cannot work as it should.`;
}
