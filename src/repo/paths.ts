// Chooses paths by a glob, within limits: globs come from models and scripts too.

import picomatch from "picomatch";

import { SearchRefused } from "./contract.ts";

const GLOB_CHARACTERS_MAX = 500;
const GLOB_STARS_MAX = 24;

/** A test for paths. Braces, `*`, `**`, `?` and `[…]` as usual; names that start with a dot match like others. */
export function matcherOf(glob: string): (path: string) => boolean {
  const stars = glob.split("*").length - 1;
  if (glob === "" || glob.length > GLOB_CHARACTERS_MAX || stars > GLOB_STARS_MAX) {
    throw new SearchRefused(
      `The glob is empty, longer than ${GLOB_CHARACTERS_MAX} characters or has more than ${GLOB_STARS_MAX} stars. ` +
        'Use a simpler one, such as "src/**/*.ts".',
    );
  }
  // Nested extended globs take exponential time.
  const matches = picomatch(glob.replace(/^(?:\.?\/)+/, ""), {
    dot: true,
    noextglob: true,
    nonegate: true,
  });
  // As a callback of `filter` it would get the index as well, and picomatch reads that as a wish for details.
  return (path) => matches(path);
}

/** By code unit, the same on every machine. */
export function sortPaths(paths: Iterable<string>): string[] {
  return [...paths].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
