// Which finding of a new report is which that was known: by its code first, by its words where the code changed. Pure.

import type { Anchor } from "./anchor.ts";
import { likeness } from "./likeness.ts";

/** What is compared. */
export interface Place {
  path: string;
  line: number | null;
  title: string;
  rule: string | null;
  anchor: Anchor;
}

/** How sure a pair is: each pass takes what the ones before left. `alike` is the least that the claims must have in common. */
interface Pass {
  alike: number;
  fits(known: Place, found: Place): boolean;
}

/** Two different claims about one line share few words, two wordings of one claim some. */
const PASSES = (isThere: (path: string) => boolean): readonly Pass[] => [
  {
    alike: 0.2,
    fits: (known, found) => samePath(known, found) && sameCode(known, found, "around"),
  },
  { alike: 0.2, fits: (known, found) => samePath(known, found) && sameCode(known, found, "line") },
  // The line itself was edited and the problem is still there, or the reporter meant the line above.
  { alike: 0.6, fits: samePath },
  // The file has another name now.
  {
    alike: 0.4,
    fits: (known, found) =>
      !isThere(known.path) && (sameCode(known, found, "around") || sameCode(known, found, "line")),
  },
];

const samePath = (known: Place, found: Place): boolean => known.path === found.path;

const sameCode = (known: Place, found: Place, by: keyof Anchor): boolean =>
  known.anchor[by] !== null && known.anchor[by] === found.anchor[by];

/** Pairs by index: for each found one the known one that it is, if any; no known one twice. */
export function match(
  known: readonly Place[],
  found: readonly Place[],
  isThere: (path: string) => boolean,
): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const pass of PASSES(isThere)) {
    for (const { knownAt, foundAt } of candidates(pass, known, found)) {
      if (pairs.has(foundAt) || taken.has(knownAt)) continue;
      pairs.set(foundAt, knownAt);
      taken.add(knownAt);
    }
  }
  return pairs;
}

interface Candidate {
  knownAt: number;
  foundAt: number;
  alike: number;
  apart: number;
}

/** The most alike first; of equals the nearest. */
function candidates(pass: Pass, known: readonly Place[], found: readonly Place[]): Candidate[] {
  const all = known.flatMap((one, knownAt) =>
    found.flatMap((other, foundAt): Candidate[] => {
      if (!pass.fits(one, other)) return [];
      const alike = likeness(one, other);
      const apart = Math.abs((one.line ?? 0) - (other.line ?? 0));
      return alike < pass.alike ? [] : [{ knownAt, foundAt, alike, apart }];
    }),
  );
  return all.toSorted((one, other) => other.alike - one.alike || one.apart - other.apart);
}
