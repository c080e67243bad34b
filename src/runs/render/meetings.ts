// The final pull request's words about changes that met: which, where, and what became of it. Pure.

import type { Resolution } from "../../steps/records.ts";
import type { Meeting } from "../meetings.ts";
import type { Publications } from "../publications.ts";
import { harmless } from "./harmless.ts";
import { code, counted, folded, inline, paragraphs } from "./text.ts";

const PAIRS_MAX = 50;
const PATHS_MAX = 4;

/** Null for a single change: it can meet nobody. */
export function renderMeetings(
  meetings: readonly Meeting[],
  { workers, records }: Publications,
): string | null {
  const resolutions = records.flatMap(({ record }) =>
    "resolutions" in record ? record.resolutions : [],
  );
  const nobody = workers.length < 2 ? null : "No two changes touched the same file.";
  const table = meetings.length === 0 ? nobody : pairTable(meetings, resolutions);
  return table === null && resolutions.length === 0
    ? null
    : paragraphs(table, resolutionList(resolutions, labelsOf(workers)));
}

function pairTable(meetings: readonly Meeting[], resolutions: readonly Resolution[]): string {
  const rows = meetings.slice(0, PAIRS_MAX).map((meeting) => {
    const { one, other, paths } = meeting;
    const places = paths.slice(0, PATHS_MAX).map((path) => code(shownPath(path)));
    const more = paths.length > PATHS_MAX ? [`${paths.length - PATHS_MAX} more`] : [];
    return `| ${inline(one.label, 80)} | ${inline(other.label, 80)} | ${[...places, ...more].join(", ")} | ${endOf(meeting, resolutions)} |`;
  });
  const hidden = meetings.length - rows.length;
  return folded(
    `${counted(meetings.length, "pair")} of changes touched the same places`,
    paragraphs(
      ["| Change | Met | In | What became of it |", "|---|---|---|---|", ...rows].join("\n"),
      hidden > 0 ? `… and ${counted(hidden, "pair")} more.` : null,
    ),
  );
}

/** Paths of a tree are bytes, one character each. */
const shownPath = (path: string): string => Buffer.from(path, "latin1").toString("utf8");

function endOf({ one, other }: Meeting, resolutions: readonly Resolution[]): string {
  const out = [one, other].filter((change) => !change.folded);
  if (out.length > 0) return `not in: ${out.map(({ label }) => inline(label, 80)).join(", ")}`;
  const byAgent = resolutions.some(
    ({ change, reason }) => reason === null && [one.id, other.id].includes(change),
  );
  return byAgent ? "united by an agent, reviewed" : "merged by git";
}

function resolutionList(
  resolutions: readonly Resolution[],
  labels: ReadonlyMap<string, string>,
): string | null {
  if (resolutions.length === 0) return null;
  const lines = resolutions.map(({ change, paths, summary, reason }) => {
    const where = paths.map((path) => code(path)).join(", ");
    const end = reason === null ? "folded in" : `stayed out: ${inline(reason, 300)}`;
    return `- ${inline(labels.get(change) ?? change, 80)}, in ${where}: ${end}. ${summary === "" ? "" : `> ${inline(harmless(summary), 300)}`}`.trim();
  });
  return folded(
    `${counted(resolutions.length, "conflict")} that git could not merge went to an agent that saw the conflict and what both changes were asked`,
    lines.join("\n"),
  );
}

const labelsOf = (workers: Publications["workers"]): Map<string, string> =>
  new Map(workers.map(({ change: { id, label } }) => [id, label]));
