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

/** What was known, and where its code is now. */
export interface KnownPlace extends Place {
  /** Its lines in the file as it is now; none when its code is not there any more. */
  lines: readonly number[];
}

/** How sure a pair is: each pass takes what the ones before left. `alike` is the least that the claims must have in common. */
interface Pass {
  alike: number;
  fits(known: KnownPlace, found: Place): boolean;
}

/** Two different claims about one line share few words, two wordings of one claim some. */
const PASSES = (isThere: (path: string) => boolean): readonly Pass[] => [
  {
    alike: 0.2,
    fits: (known, found) => samePath(known, found) && sameCode(known, found, "around"),
  },
  {
    alike: 0.2,
    fits: (known, found) => isNear(known, found) && sameCode(known, found, "line"),
  },
  // The line itself was edited and the problem is still there, or the reporter meant the line above.
  { alike: 0.6, fits: isNear },
  // The file has another name now.
  {
    alike: 0.4,
    fits: (known, found) =>
      !isThere(known.path) && (sameCode(known, found, "around") || sameCode(known, found, "line")),
  },
];

/** A reporter means the line above or the end of a statement. */
const NEAR_LINES = 3;

/** Where its code still stands somewhere else, what was found is another one, however much it sounds like it. */
function isNear(known: KnownPlace, found: Place): boolean {
  if (!samePath(known, found)) return false;
  const { line } = found;
  if (line === null || known.lines.length === 0) return true;
  return known.lines.some((each) => Math.abs(each - line) <= NEAR_LINES);
}

const samePath = (known: Place, found: Place): boolean => known.path === found.path;

const sameCode = (known: Place, found: Place, by: keyof Anchor): boolean =>
  known.anchor[by] !== null && known.anchor[by] === found.anchor[by];

/** Pairs by index: for each found one the known one that it is, if any; no known one twice. */
export function match(
  known: readonly KnownPlace[],
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

/** The most alike first; of equals the one that stands in the same place of as many, else the nearest. */
function candidates(
  pass: Pass,
  known: readonly KnownPlace[],
  found: readonly Place[],
): Candidate[] {
  const knownRanks = ranksOf(known);
  const foundRanks = ranksOf(found);
  const all = known.flatMap((one, knownAt) =>
    found.flatMap((other, foundAt): Candidate[] => {
      if (!pass.fits(one, other)) return [];
      const alike = likeness(one, other);
      const apart = apartness(knownRanks[knownAt], foundRanks[foundAt]);
      return alike < pass.alike ? [] : [{ knownAt, foundAt, alike, apart }];
    }),
  );
  return all.toSorted((one, other) => other.alike - one.alike || one.apart - other.apart);
}

interface Rank {
  /** What is the same of all of them. */
  key: string;
  rank: number;
  line: number;
  /** How many read the same in one file. */
  of: number;
}

/** In places where there are as many as before, else in lines. */
function apartness(before: Rank | undefined, now: Rank | undefined): number {
  if (before === undefined || now === undefined) return 0;
  const isAsMany = before.of === now.of && before.key === now.key;
  return Math.abs(isAsMany ? before.rank - now.rank : before.line - now.line);
}

/** Of claims whose code reads the same, surroundings and all: which one from above. They move together. */
function ranksOf(places: readonly Place[]): Rank[] {
  const keys = places.map(({ path, anchor }) =>
    JSON.stringify([path, anchor.around ?? anchor.line]),
  );
  const groups = Map.groupBy(places.keys(), (at) => keys[at] ?? "");
  return places.map((place, at) => {
    const key = keys[at] ?? "";
    const group = groups.get(key) ?? [];
    const above = group.filter((other) => (places[other]?.line ?? 0) < (place.line ?? 0));
    return { key, rank: above.length, line: place.line ?? 0, of: group.length };
  });
}
