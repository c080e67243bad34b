// A script's findings about a pull request as one review of it: on their lines where GitHub takes them. Pure.

import type { Json } from "../../engine/json.ts";
import { commentableLines } from "../../repo/diff-lines.ts";
import type { FileDiff } from "../../repo/git-data.ts";
import type { LineComment, NewReview } from "../../world/pulls.ts";
import { reviewMarker } from "../names.ts";
import { findingsOf, type FindingRow, isRefuted } from "./report.ts";
import { code, counted, cut, folded, inline, paragraphs, quoted } from "./text.ts";

/** Key of the review, beside those of the steps. */
export const REPORT_REVIEW = "report";
/** Larger reviews ended in 502s for other bots. */
const COMMENTS_MAX = 30;
const EVIDENCE_CHARS_MAX = 3_000;
const BODY_CHARS_MAX = 60_000;

/** Null when no finding stands on a line of the diff: the thread's comment has them all anyway. */
export function renderReportReview(
  run: string,
  { commit, value, diff }: { commit: string; value: Json | undefined; diff: readonly FileDiff[] },
): NewReview | null {
  const mark = reviewMarker(run, REPORT_REVIEW);
  const findings = findingsOf(value).filter((each) => !isRefuted(each));
  const placed = findings
    .flatMap((finding) => toComment(finding, { diff, mark }))
    .slice(0, COMMENTS_MAX);
  if (placed.length === 0) return null;
  const rest = findings.length - placed.length;
  return {
    commit,
    body: paragraphs(
      mark,
      `${counted(placed.length, "finding")} on lines of this pull request.${rest > 0 ? ` ${rest} more in the run's comment.` : ""}`,
    ),
    comments: placed,
  };
}

/** The same review with its comments in the body: nothing is lost when GitHub takes none of the lines. */
export function withoutLines({ commit, body, comments }: NewReview): NewReview {
  const listed = comments.map(
    ({ path, line, body: text }) => `${code(`${path}:${line}`)}\n\n${text}`,
  );
  return { commit, body: cut(paragraphs(body, ...listed), BODY_CHARS_MAX), comments: [] };
}

function toComment(
  finding: FindingRow,
  { diff, mark }: { diff: readonly FileDiff[]; mark: string },
): LineComment[] {
  const { path, line } = finding;
  const file = diff.find((candidate) => candidate.path === path);
  if (file === undefined || typeof line !== "number") return [];
  const isPlace = commentableLines(file).some(
    (place) => place.side === "RIGHT" && place.line === line,
  );
  if (!isPlace) return [];
  const verdict = finding.verdict === undefined ? "" : ` · ${inline(finding.verdict, 20)}`;
  const body = paragraphs(
    mark,
    `${finding.severity === "high" ? "🔴" : "🟡"} **${inline(finding.title, 200)}**${verdict}`,
    finding.evidence === undefined
      ? null
      : folded("Evidence", quoted(cut(finding.evidence, EVIDENCE_CHARS_MAX))),
  );
  return [{ path, line, side: "RIGHT", body }];
}
