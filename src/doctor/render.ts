// What the doctor says in a thread, where anybody who sees the repository reads it. Pure.

import { type Finding, isHealthy, type Level, subjects } from "./finding.ts";

const MARKS = { ok: "✅", warning: "⚠️", failure: "❌" } as const satisfies Record<Level, string>;

/**
 * About the repository everything. About the bot's process only what is wrong, and not how: its machine, its address and
 * who else has installed it are for whoever runs it.
 */
export function renderExamination(here: readonly Finding[], process: readonly Finding[]): string {
  const troubled = process.filter(({ level }) => level !== "ok");
  return [
    headline([...here, ...process]),
    tableOf(here),
    troubled.length === 0
      ? `The bot itself: ✅ all of ${namesOf(process)}.`
      : `The bot itself: ${troubled.map(({ id, level }) => `${MARKS[level]} ${subjects[id]}`).join(", ")}. Whoever runs it reads by \`npx fanfold doctor\` there what was found and what to do.`,
    "This was looked at just now, changed nothing and cost nothing.",
  ].join("\n\n");
}

function headline(all: readonly Finding[]): string {
  const warnings = all.filter(({ level }) => level === "warning").length;
  const failures = all.filter(({ level }) => level === "failure").length;
  if (warnings + failures === 0) return "🩺 Everything is in order.";
  const counts = [
    failures === 0 ? null : `**${failures} ${failures === 1 ? "failure" : "failures"}**`,
    warnings === 0 ? null : `**${warnings} ${warnings === 1 ? "warning" : "warnings"}**`,
  ].filter((count) => count !== null);
  const means = isHealthy(all)
    ? "Runs can start; look at this when there is time."
    : "Runs may not start or not end before this is mended.";
  return `🩺 ${counts.join(" and ")}. ${means}`;
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ id, level, found, fix = "" }) =>
      `| ${MARKS[level]} | ${subjects[id]} | ${cell(found)} | ${cell(fix)} |`,
  );
  return ["| | | Found | What to do |", "|---|---|---|---|", ...rows].join("\n");
}

const cell = (text: string): string => text.replaceAll(/\s*\n\s*/gu, " ").replaceAll("|", "\\|");

function namesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ id }) => subjects[id]))].join(", ");
}
