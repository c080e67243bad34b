import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Vote } from "../../src/steps/records.ts";
import { lensesFor, tally } from "../../src/steps/votes.ts";

const votes = (...given: Vote["vote"][]): Vote[] =>
  given.map((vote) => ({ lens: "correctness", vote, reason: null }));

describe("a vote", () => {
  it("carries only with enough votes for", () => {
    expect(tally(votes("for", "for"), 2)).toBe("for");
    expect(tally(votes("for", "against", "for"), 2)).toBe("for");
  });

  it("is lost as soon as the quorum is out of reach", () => {
    expect(tally(votes("for", "against"), 2)).toBe("against");
    expect(tally(votes("against", "missing"), 2)).toBe("against");
  });

  it("P59 is undecided when the missing votes would have decided it", () => {
    expect(tally(votes("for", "missing"), 2)).toBe("undecided");
    expect(tally(votes("missing", "missing"), 1)).toBe("undecided");
  });

  it("never counts a missing vote as one for", () => {
    const vote = fc.constantFrom<Vote["vote"]>("for", "against", "missing");
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 9 }), fc.nat(8), (given, rest) => {
        const quorum = Math.min(given.length, rest + 1);
        const heard = given.filter((each) => each === "for").length;
        expect(tally(votes(...given), quorum) === "for").toBe(heard >= quorum);
      }),
    );
  });

  it("gives each reviewer a lens, in turn", () => {
    expect(lensesFor(["a", "b"], 3)).toEqual(["a", "b", "a"]);
  });
});
