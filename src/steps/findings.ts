// What several reviewers found, with what two of them said in other words kept once. Pure.

import type { Finding } from "./records.ts";

/** Reviewers point at the line above or below. */
const LINES_APART = 2;
/** Of the words of both titles, how many must be in both. */
const SHARED_WORDS = 0.5;
const WORDS_BETWEEN = /[^\p{L}\p{N}_]+/u;
/** They say nothing about what was found. */
const SMALL = new Set(["a", "an", "the", "is", "are", "in", "of", "to", "and", "on", "for", "it"]);

/**
 * Of each reviewer in their order. Of one finding by several reviewers the gravest form stands, under all their lenses;
 * what one of them says twice they mean twice.
 */
export function mergeFindings(byReviewer: readonly (readonly Finding[])[]): Finding[] {
  const merged: Merged[] = [];
  for (const [reviewer, findings] of byReviewer.entries()) {
    for (const finding of findings) {
      const known = merged.find(({ by, stands }) => !by.has(reviewer) && isSame(stands, finding));
      if (known === undefined) merged.push({ stands: finding, by: new Set([reviewer]) });
      else {
        known.stands = unite(known.stands, finding);
        known.by.add(reviewer);
      }
    }
  }
  return merged.map(({ stands }) => stands);
}

interface Merged {
  stands: Finding;
  /** The reviewers who say so. */
  by: Set<number>;
}

function isSame(one: Finding, other: Finding): boolean {
  if (one.path !== other.path || one.inDiff !== other.inDiff) return false;
  if (one.line === null || other.line === null) {
    if (one.line !== other.line) return false;
  } else if (Math.abs(one.line - other.line) > LINES_APART) return false;
  return sharedWords(one.title, other.title) >= SHARED_WORDS;
}

function sharedWords(one: string, other: string): number {
  const [mine, theirs] = [wordsOf(one), wordsOf(other)];
  const all = new Set([...mine, ...theirs]);
  const both = [...mine].filter((word) => theirs.has(word));
  return all.size === 0 ? 1 : both.length / all.size;
}

const wordsOf = (title: string): Set<string> =>
  new Set(
    title
      .toLowerCase()
      .split(WORDS_BETWEEN)
      .filter((word) => word !== "" && !SMALL.has(word)),
  );

function unite(known: Finding, finding: Finding): Finding {
  const isGraver = known.severity === "nit" && finding.severity === "blocking";
  const lenses = new Set([...known.lens.split(", "), finding.lens]);
  return { ...(isGraver ? finding : known), lens: [...lenses].join(", ") };
}
