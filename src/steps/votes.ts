// Votes of independent agents, and what they amount to. A missing vote is never a vote for. Pure.

import type { Vote } from "./records.ts";

export type Tally = "for" | "against" | "undecided";

/**
 * `quorum` votes for carry it; as soon as the votes against make that impossible it is lost; otherwise votes are missing
 * and nothing is known.
 */
export function tally(votes: readonly Vote[], quorum: number): Tally {
  const count = (wanted: Vote["vote"]): number =>
    votes.filter(({ vote }) => vote === wanted).length;
  if (count("for") >= quorum) return "for";
  if (votes.length - count("against") < quorum) return "against";
  return "undecided";
}

/** Which lens each of `count` voters looks through: all lenses in turn. */
export function lensesFor(lenses: readonly string[], count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => lenses[index % lenses.length] ?? "correctness",
  );
}
