// What a resolver writes is held against the conflict by code, before anybody is asked to review it.

import { describe, expect, it } from "vitest";

import type { Conflict } from "../../src/repo/git-data.ts";
import { checkResolution, isResolvable } from "../../src/steps/check-resolution.ts";

const hunks = [{ line: 1, base: "a\n", ours: "b\n", theirs: "c\n" }];
const conflict = (path: string, sides: Partial<Conflict> = {}): Conflict => ({
  kind: "text",
  path,
  base: "a\n",
  ours: "b\n",
  theirs: "c\n",
  hunks,
  ...sides,
});
const json = conflict("p.json", { ours: '{"a":1}', theirs: '{"b":1}' });
const removed = conflict("r.txt", { theirs: null, hunks: [] });

const answer = (...files: { path: string; text: string | null }[]) => ({ files, summary: "So." });
const why = (files: ReturnType<typeof answer>, ...conflicts: Conflict[]): string => {
  const checked = checkResolution(files, conflicts);
  return checked.kind === "refused" ? checked.reason : "usable";
};

describe("what a resolver writes", () => {
  it("is taken when it gives every file in conflict and no other", () => {
    expect(why(answer({ path: "a", text: "b\nc\n" }), conflict("a"))).toBe("usable");
    expect(why(answer({ path: "r.txt", text: null }), removed)).toBe("usable");
    expect(why(answer({ path: "p.json", text: '{"a":1,"b":1}' }), json)).toBe("usable");
    expect(checkResolution(answer({ path: "a", text: "d\n" }), [conflict("a")])).toEqual({
      kind: "usable",
      edits: [{ path: "a", content: "d\n" }],
    });
  });

  it.each([
    { what: "gives nothing", files: [], reason: "gave none: So." },
    { what: "changes another file", files: [{ path: "b", text: "" }], reason: "not in conflict" },
    {
      what: "leaves a file open",
      files: [{ path: "p.json", text: "{}" }],
      reason: "leaves a open",
    },
    {
      what: "gives a file twice",
      files: [
        { path: "a", text: "1" },
        { path: "a", text: "2" },
      ],
      reason: "twice",
    },
    {
      what: "leaves git's marks",
      files: [{ path: "a", text: "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n" }],
      reason: "conflict marks",
    },
    {
      what: "removes what both sides keep",
      files: [{ path: "a", text: null }],
      reason: "neither side",
    },
    {
      what: "breaks JSON",
      files: [
        { path: "a", text: "d\n" },
        { path: "p.json", text: '{"a":1,' },
      ],
      reason: "no JSON",
    },
    { what: "is binary", files: [{ path: "a", text: "b\0" }], reason: "no text" },
  ])("is refused when it $what", ({ files, reason }) => {
    expect(why(answer(...files), conflict("a"), json)).toContain(reason);
  });
});

describe("a conflict", () => {
  it.each([
    ["of texts with open places", conflict("a"), true],
    ["of a file that one side removed", removed, true],
    ["that git names no place of", conflict("a", { hunks: [] }), false],
    ["of files that are no text", conflict("a", { kind: "not-text" }), false],
    ["of texts with marks of their own", conflict("a", { ours: "<<<<<<< x\n" }), false],
    ["of a path that moved on both sides", conflict("a", { ours: null, theirs: null }), false],
  ])("%s: whether an agent is shown it is %s", (_, given, isShown) => {
    expect(isResolvable(given)).toBe(isShown);
  });
});
