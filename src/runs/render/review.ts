// A review as GitHub gets it: findings on their lines, the rest in the body. Pure.

import { dropInvisible } from "../../agent/code-points.ts";
import { protectionOf } from "../../repo/protected-paths.ts";
import type { LineComment, NewReview } from "../../world/pulls.ts";
import type { Finding } from "../../steps/records.ts";
import { reviewMarker } from "../names.ts";
import type { ReviewPublication } from "../publications.ts";
import { harmless } from "./harmless.ts";
import { code, fenced, folded, inline, paragraphs, quoted } from "./text.ts";

/** Comments of one review; larger ones ended in 502s for other bots, see docs on batching. */
const COMMENTS_MAX = 30;
/** Findings beside no line that are shown at once; the others are a click away. */
const BODY_OPEN_MAX = 10;
/** A body of this many findings stays well below what GitHub takes. */
const BODY_FINDINGS_MAX = 60;
const COMMENT_CHARS_MAX = 4_000;
const SUGGESTION_CHARS_MAX = 1_000;
const SUGGESTION_LINES_MAX = 10;

const SIGNS = { blocking: "🔴", nit: "🟡" } as const satisfies Record<Finding["severity"], string>;

/** One COMMENT review for one `review()` of a script; `place` says where a finding may stand. */
export function renderReview(run: string, publication: ReviewPublication): NewReview {
  const { reviewed } = publication;
  const onLines = reviewed.findings.filter(({ inDiff, line }) => inDiff && line !== null);
  const inline_ = onLines.slice(0, COMMENTS_MAX);
  const inBody = reviewed.findings.filter((finding) => !inline_.includes(finding));
  return {
    commit: reviewed.head,
    body: paragraphs(
      reviewMarker(run, publication.key),
      heading(publication),
      votes(publication),
      rest(inBody),
    ),
    comments: inline_.map((finding) => toComment(run, publication.key, finding)),
  };
}

function heading({ round, reviewed }: ReviewPublication): string {
  const verdict = { accepted: "✅ Accepted", rejected: "❌ Rejected", unverified: "❔ Unverified" }[
    reviewed.verdict
  ];
  const again = round > 1 ? ` in round ${round}` : "";
  return `**${verdict}**${again} at ${code(reviewed.head.slice(0, 7))}`;
}

function votes({ reviewed }: ReviewPublication): string {
  const rows = reviewed.votes.map(({ lens, vote, reason }) => {
    const word = { for: "accepts", against: "rejects", missing: "no vote" }[vote];
    return `- ${inline(lens, 80)}: **${word}**${reason === null ? "" : `: ${inline(reason, 300)}`}`;
  });
  const needed = `${reviewed.quorum} of ${reviewed.votes.length} must accept; a missing vote is never an acceptance.`;
  return `${rows.join("\n")}\n\n<sub>${needed}</sub>`;
}

function rest(findings: readonly Finding[]): string | null {
  if (findings.length === 0) return null;
  const more = findings.length - BODY_FINDINGS_MAX;
  const lines = findings.slice(0, BODY_FINDINGS_MAX).map((finding) => {
    const place = finding.line === null ? finding.path : `${finding.path}:${finding.line}`;
    return `- ${SIGNS[finding.severity]} ${code(place)} **${inline(finding.title)}**: ${inline(finding.claim, 500)}`;
  });
  const open = lines.slice(0, BODY_OPEN_MAX);
  const others = [...lines.slice(BODY_OPEN_MAX), ...(more > 0 ? [`- … and ${more} more`] : [])];
  return paragraphs(
    `Outside of the diff, or more than fit on lines:\n${open.join("\n")}`,
    others.length === 0
      ? null
      : folded(`${findings.length - open.length} more findings`, others.join("\n")),
  );
}

function toComment(run: string, key: string, finding: Finding): LineComment {
  const body = paragraphs(
    `${SIGNS[finding.severity]} **${inline(finding.title)}** · ${inline(finding.lens, 60)}`,
    harmless(finding.claim),
    suggestionOf(finding),
    finding.evidence === "" ? null : folded("Evidence", quoted(finding.evidence)),
    reviewMarker(run, key),
  );
  return {
    path: finding.path,
    line: finding.line ?? 1,
    side: "RIGHT",
    body: body.length <= COMMENT_CHARS_MAX ? body : shortComment(run, key, finding),
  };
}

/**
 * Applied by one click and unread by most, so only what can be seen whole: some lines of plain text, for a file that anybody
 * may change.
 */
function suggestionOf({ suggestion, path }: Finding): string | null {
  if (suggestion === null || suggestion.length > SUGGESTION_CHARS_MAX) return null;
  if (suggestion.split("\n").length > SUGGESTION_LINES_MAX || protectionOf(path) !== null)
    return null;
  const hasHidden = dropInvisible(suggestion).text !== suggestion || suggestion.includes("<!--");
  return hasHidden ? null : fenced(suggestion, "suggestion");
}

function shortComment(run: string, key: string, finding: Finding): string {
  return paragraphs(
    `${SIGNS[finding.severity]} **${inline(finding.title)}** · ${inline(finding.lens, 60)}`,
    inline(finding.claim, 1_500),
    inline(finding.evidence, 1_500),
    reviewMarker(run, key),
  );
}
