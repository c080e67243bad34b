// One finding by two reviewers is one finding, however they put it; two findings stay two.

import { describe, expect, it } from "vitest";

import { mergeFindings } from "../../src/steps/findings.ts";
import type { Finding } from "../../src/steps/records.ts";

const finding = (change: Partial<Finding>): Finding => ({
  path: "a.js",
  line: 10,
  severity: "nit",
  title: "The length is not checked",
  claim: "An empty list throws.",
  evidence: "list[0].name",
  lens: "correctness",
  inDiff: true,
  suggestion: null,
  ...change,
});

describe("findings of several reviewers", () => {
  it.each([
    ["the same words", {}],
    ["other letters", { title: "the LENGTH is not checked!" }],
    ["nearly the same words", { title: "Length not checked before use" }],
    ["the line below", { line: 11 }],
  ])("are one in %s", (_, change) => {
    const other = finding({ lens: "security", ...change });
    expect(mergeFindings([[finding({})], [other]])).toEqual([
      finding({ lens: "correctness, security" }),
    ]);
  });

  it.each([
    ["another file", { path: "b.js" }],
    ["lines far apart", { line: 13 }],
    ["another thing", { title: "A secret is logged" }],
    ["no line at all", { line: null }],
  ])("stay two with %s", (_, change) => {
    const both = [finding({}), finding({ lens: "security", ...change })];
    expect(mergeFindings(both.map((one) => [one]))).toEqual(both);
  });

  it("stay two when one reviewer names both, whoever else found one of them", () => {
    const both = [finding({}), finding({ line: 11 })];
    expect(mergeFindings([both])).toEqual(both);
    const other = finding({ lens: "security" });
    expect(mergeFindings([[other], both])).toEqual([
      finding({ lens: "security, correctness" }),
      finding({ line: 11 }),
    ]);
  });

  it("are one when several look through the same lens", () => {
    expect(mergeFindings([[finding({})], [finding({ line: 11 })]])).toEqual([finding({})]);
  });

  it("keep the gravest word", () => {
    const grave = finding({
      severity: "blocking",
      lens: "security",
      claim: "Anybody can crash it.",
    });
    expect(mergeFindings([[finding({})], [grave]])).toEqual([
      { ...grave, lens: "correctness, security" },
    ]);
  });
});
