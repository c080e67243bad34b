// The findings of a report as places in the repository's files, and which of what was known they are about. Pure.

import { type FindingRow, isRefuted } from "../runs/render/report.ts";
import { anchorAt, linesOf, noAnchor } from "./anchor.ts";
import { bySeverity, type KnownFinding } from "./ledger.ts";
import { match, type Place } from "./match.ts";

/** Kept of one report, the gravest: some megabyte of text. */
export const FOUND_MAX = 1_000;

/** Files as they are at the commit of a report. */
export interface Texts {
  /** Null for one that is not there. */
  texts: ReadonlyMap<string, string | null>;
}

export interface Found extends Place {
  row: FindingRow;
}

export const linesNow = ({ path, anchor }: KnownFinding, { texts }: Texts): number[] => {
  const text = texts.get(path) ?? null;
  return text === null ? [] : linesOf(anchor, text);
};

export function placeOf(row: FindingRow, { texts }: Texts): Found {
  const line = row.line == null || !Number.isInteger(row.line) ? null : row.line;
  const text = texts.get(row.path) ?? null;
  const anchor = text === null ? noAnchor : anchorAt(text, line);
  return { row, path: row.path, line, title: row.title, rule: row.rule ?? null, anchor };
}

/** By index: for each found one the known one that it is, if any. */
export const pairsOf = (
  known: readonly KnownFinding[],
  found: readonly Found[],
  files: Texts,
): Map<number, number> =>
  match(
    known.map((finding) => ({ ...finding, lines: linesNow(finding, files) })),
    found,
    (path) => files.texts.get(path) != null,
  );

/** Indices of known ones about which somebody said no; those in `met` somebody said yes about. */
export function refutedAmong(
  known: readonly KnownFinding[],
  met: ReadonlySet<number>,
  report: Texts & { findings: readonly FindingRow[] },
): ReadonlySet<number> {
  const rows = onceEach(report.findings.filter(isRefuted)).slice(0, FOUND_MAX);
  const left = [...known.keys()].filter((at) => !met.has(at));
  const asked = left.flatMap((at) => known[at] ?? []);
  const pairs = pairsOf(
    asked,
    rows.map((row) => placeOf(row, report)),
    report,
  );
  return new Set([...pairs.values()].flatMap((at) => left[at] ?? []));
}

/** Without what is said twice in the same words; the gravest first. */
export function onceEach(rows: readonly FindingRow[]): FindingRow[] {
  const apart = Map.groupBy(rows, ({ path, line, title }) => JSON.stringify([path, line, title]));
  // Without a line, nobody can say that two are one.
  const once = [...apart.values()].flatMap((same) =>
    same[0]?.line == null ? same : same.slice(0, 1),
  );
  return once.toSorted((one, other) => bySeverity(rated(one), rated(other)));
}

const rated = ({ path, severity }: FindingRow) => ({ path, severity: severity ?? undefined });
