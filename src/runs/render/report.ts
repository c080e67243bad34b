// A script's result as Markdown: a string as it is, findings as a table, anything else as JSON. Pure.

import { z } from "zod";

import type { Json } from "../../engine/json.ts";
import type { RunRecord } from "../record.ts";
import { harmless } from "./harmless.ts";
import { code, counted, cut, fenced, folded, inline, paragraphs } from "./text.ts";

const ROWS_MAX = 100;
const TEXT_CHARS_MAX = 30_000;

export const FindingRow = z.object({
  path: z.string(),
  line: z.number().nullish(),
  title: z.string(),
  severity: z.string().optional(),
  verdict: z.string().optional(),
  evidence: z.string().optional(),
  /** The kind of problem, the same word for each of its kind. */
  rule: z.string().optional(),
});
export type FindingRow = z.infer<typeof FindingRow>;

const Coverage = z.object({
  inScope: z.number(),
  read: z.number(),
  notRead: z.array(z.string()),
  /** Files whose agent was lost or refused. */
  failed: z.array(z.string()).default([]),
  /** Files that match but were left out of the scope, such as vendored ones. */
  skipped: z.array(z.string()).default([]),
  /** Glob of what was to be looked at. */
  scope: z.string().optional(),
});
export type Coverage = z.infer<typeof Coverage>;

const Report = z.object({
  summary: z.string().optional(),
  findings: z.array(FindingRow).optional(),
  coverage: Coverage.optional(),
});

/** Renders what `report(value)` or the script's `return` gave; null when there is nothing to say. */
export function renderReport(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return cut(harmless(value), TEXT_CHARS_MAX);
  const rows = z.array(FindingRow).safeParse(value);
  if (rows.success && rows.data.length > 0) return findingTable(rows.data);
  const report = Report.safeParse(value);
  if (report.success && Object.keys(report.data).length > 0) return structured(report.data);
  return fenced(cut(JSON.stringify(value, null, 2), TEXT_CHARS_MAX), "json");
}

/** The same for a run: what a schedule's run found is told once, in the schedule's report, or not to everybody at all. */
export function renderReportOf(
  { occasion }: Pick<RunRecord, "occasion">,
  value: Json | undefined,
): string | null {
  if (occasion === null || !isAboutFindings(value)) return renderReport(value);
  return `What it found goes into the report of the schedule ${code(occasion.schedule)}, at the top of its issue.`;
}

/** Whether it tells what a look for findings came to, be it none; words and what was looked at for them are something else. */
export function isAboutFindings(value: Json | undefined): boolean {
  if (findingsOf(value).length > 0) return true;
  const report = Report.safeParse(value).data;
  if (report?.coverage === undefined) return false;
  return report.findings !== undefined || report.summary === undefined;
}

/** What it looked at; null when it does not say. */
export const coverageOf = (value: Json | undefined): Coverage | null =>
  Report.safeParse(value).data?.coverage ?? null;

/** The findings of a report, whichever of its two shapes it has; none when it has none. */
export function findingsOf(value: Json | undefined): FindingRow[] {
  const rows = z.array(FindingRow).safeParse(value);
  if (rows.success) return rows.data;
  return Report.safeParse(value).data?.findings ?? [];
}

function structured({ summary, findings, coverage }: z.infer<typeof Report>): string {
  return paragraphs(
    summary === undefined ? null : cut(harmless(summary), TEXT_CHARS_MAX),
    findings === undefined ? null : findingTable(findings.filter((each) => !isRefuted(each))),
    refutedPart((findings ?? []).filter(isRefuted)),
    coverage === undefined ? null : coverageLine(coverage),
  );
}

/** What a script looked for again and does not hold: no finding of its report. */
export const isRefuted = ({ verdict }: FindingRow): boolean => verdict === "refuted";

const refutedPart = (rows: readonly FindingRow[]): string | null =>
  rows.length === 0
    ? null
    : folded(`${counted(rows.length, "finding")} refuted`, findingTable(rows));

function findingTable(rows: readonly FindingRow[]): string {
  if (rows.length === 0) return "No findings.";
  const lines = rows
    .slice(0, ROWS_MAX)
    .map(({ path, line, title, severity, verdict, evidence }) => {
      const place = line === null || line === undefined ? path : `${path}:${line}`;
      return `| ${inline(severity ?? "", 20)} | ${code(place)} | ${inline(title, 200)} | ${inline(verdict ?? "", 20)} | ${inline(evidence ?? "", 240)} |`;
    });
  const more = rows.length - ROWS_MAX;
  return [
    "| | Where | Finding | Verdict | Evidence |",
    "|---|---|---|---|---|",
    ...lines,
    ...(more > 0 ? [`\n… and ${more} more.`] : []),
  ].join("\n");
}

function coverageLine({ inScope, read, notRead, failed, skipped }: Coverage): string {
  const parts = [
    `Coverage: ${counted(inScope, "file")} in scope`,
    `${read} read`,
    `${notRead.length} not read`,
    ...(failed.length > 0 ? [`${failed.length} lost with their agents`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped beside them`] : []),
  ];
  return paragraphs(
    `${parts.join(", ")}.`,
    pathList("Not read", notRead),
    pathList("Lost with their agents", failed),
    pathList("Skipped", skipped),
  );
}

function pathList(title: string, paths: readonly string[]): string | null {
  if (paths.length === 0) return null;
  const list = paths.slice(0, ROWS_MAX).map((path) => `- ${code(path)}`);
  return folded(title, list.join("\n"));
}
