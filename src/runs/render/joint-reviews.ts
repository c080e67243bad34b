// What reviewers said of many writers, in few reviews of the final pull request. Pure.

import { isHiddenRef } from "../../repo/refs.ts";
import type { Finding } from "../../steps/records.ts";
import type { NewReview } from "../../world/pulls.ts";
import { reviewMarker } from "../names.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import { code, counted, inline, paragraphs } from "./text.ts";

/** Reviews at most, whatever the number of writers: GitHub counts each of them as content. */
const REVIEWS_MAX = 4;
/** Of one body; GitHub refuses 65,536, the rest is for the mark and the last line. */
const BODY_CHARS_MAX = 56_000;
const CLAIM_CHARS_MAX = 400;
const FINDINGS_SHOWN = 20;

const SIGNS = { blocking: "🔴", nit: "🟡" } as const satisfies Record<Finding["severity"], string>;
const VERDICTS = {
  accepted: "✅ accepted",
  rejected: "❌ rejected",
  unverified: "❔ unverified",
} as const;

/** Each with the key of its mark; none when nobody without a pull request of their own was reviewed. */
export function renderJointReviews(
  run: string,
  { workers }: Publications,
  commit: string,
): { key: string; review: NewReview }[] {
  const reviewed = workers.filter(({ hasPull, reviews }) => !hasPull && reviews.length > 0);
  if (reviewed.length === 0) return [];
  const bodies = packed([summary(reviewed), ...reviewed.flatMap(section)]);
  const shown = bodies.slice(0, REVIEWS_MAX);
  const more = bodies.slice(REVIEWS_MAX).flat().length;
  return shown.map((parts, index) => {
    const key = `joint-${index + 1}`;
    const isLast = index === shown.length - 1;
    const rest =
      isLast && more > 0
        ? `… and findings about ${counted(more, "more part")}; all of them are in the run's checkpoint.`
        : null;
    return {
      key,
      review: { commit, body: paragraphs(reviewMarker(run, key), ...parts, rest), comments: [] },
    };
  });
}

function summary(workers: readonly WorkerPublication[]): string {
  const last = workers.flatMap(({ reviews }) => reviews.at(-1)?.reviewed.verdict ?? []);
  const count = (verdict: keyof typeof VERDICTS): string =>
    `${last.filter((each) => each === verdict).length} ${VERDICTS[verdict]}`;
  const isHidden = workers.some(({ change }) => isHiddenRef(change.branch));
  const findings = workers.flatMap(({ reviews }) =>
    reviews.flatMap((each) => each.reviewed.findings),
  );
  return `**Reviews of ${counted(workers.length, "part")}** that have no pull request of their own: ${count("accepted")}, ${count("rejected")}, ${count("unverified")} in the end; ${counted(findings.length, "finding")}. ${isHidden ? "Each part is a ref of its own, which `git fetch` brings by its name" : "Each part is a branch"}; lines are those of its ${isHidden ? "ref" : "branch"}.`;
}

/** One part that something was found in: every look at it, newest last. */
function section({ change, reviews }: WorkerPublication): string[] {
  const looks = reviews.filter(({ reviewed }) => reviewed.findings.length > 0);
  if (looks.length === 0) return [];
  const told = looks.map(({ round, reviewed }) => {
    const more = reviewed.findings.length - FINDINGS_SHOWN;
    const lines = reviewed.findings.slice(0, FINDINGS_SHOWN).map(line);
    const rest = more > 0 ? [`- … and ${more} more`] : [];
    const title = `Round ${round}, ${VERDICTS[reviewed.verdict]} at ${code(reviewed.head.slice(0, 7))}`;
    return [title, "", ...lines, ...rest].join("\n");
  });
  return [paragraphs(`#### ${inline(change.label, 80)}`, code(change.branch), ...told)];
}

function line({ path, line: at, severity, title, claim, lens }: Finding): string {
  const place = at === null ? path : `${path}:${at}`;
  return `- ${SIGNS[severity]} ${code(place)} **${inline(title, 200)}** · ${inline(lens, 60)}: ${inline(claim, CLAIM_CHARS_MAX)}`;
}

/** As few bodies as hold the parts in their order; a part that is too long for one is cut by its own limits before. */
function packed(parts: readonly string[]): string[][] {
  const bodies: string[][] = [];
  let free = 0;
  for (const part of parts) {
    const chars = part.length + 2;
    if (bodies.length === 0 || chars > free) {
      bodies.push([]);
      free = BODY_CHARS_MAX;
    }
    bodies.at(-1)?.push(part.slice(0, BODY_CHARS_MAX));
    free -= chars;
  }
  return bodies;
}
