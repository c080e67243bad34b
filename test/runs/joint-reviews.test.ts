// Reviews of many writers stay few and within GitHub's sizes, and say what they leave out.

import { describe, expect, it } from "vitest";

import type { Publications } from "../../src/runs/publications.ts";
import { renderJointReviews } from "../../src/runs/render/joint-reviews.ts";
import { freshChange, openLedger } from "../../src/steps/ledger.ts";
import type { Finding } from "../../src/steps/records.ts";

const oid = (digit: string): string => digit.repeat(40);

function publications(workers: number, finding: Partial<Finding>, findings = 1): Publications {
  const found: Finding = {
    path: "a.txt",
    line: 1,
    severity: "nit",
    title: "Title",
    claim: "Claim",
    evidence: "",
    lens: "correctness",
    inDiff: true,
    suggestion: null,
    ...finding,
  };
  return {
    ledger: openLedger(oid("0")),
    folds: [],
    report: null,
    records: [],
    workers: Array.from({ length: workers }, (_, n) => ({
      hasPull: false,
      leftOut: null,
      took: { tokens: 0, ms: 0 },
      change: freshChange({
        id: `c${n}`,
        branch: `fanfold/wf-a/c${n}`,
        base: oid("0"),
        head: oid("1"),
        label: `part ${n}`,
        requirement: "",
        summary: "",
        files: [],
      }),
      reviews: [
        {
          key: `k${n}`,
          round: 1,
          base: oid("0"),
          reviewed: {
            kind: "reviewed",
            agents: [],
            read: [],
            change: `c${n}`,
            head: oid("1"),
            verdict: "accepted",
            findings: Array.from({ length: findings }, () => found),
            votes: [],
            quorum: 1,
          },
        },
      ],
    })),
  };
}

describe("joint reviews", () => {
  it("are four at most, each within GitHub's size, and the last one counts what is left out", () => {
    const given = publications(1000, { claim: "x".repeat(5000), title: "y".repeat(500) }, 3);
    const reviews = renderJointReviews("wf-a", given, oid("2"));
    expect(reviews.map(({ key }) => key)).toEqual(["joint-1", "joint-2", "joint-3", "joint-4"]);
    for (const { review } of reviews) expect(review.body.length).toBeLessThan(65_000);
    const told = reviews.flatMap(({ review }) => review.body.match(/#### part \d+/g) ?? []).length;
    expect(reviews.at(-1)?.review.body).toContain(`findings about ${1000 - told} more parts`);
  });

  it("are one for what fits, and the same again for the same journal", () => {
    const given = publications(50, {});
    const once = renderJointReviews("wf-a", given, oid("2"));
    expect(once).toHaveLength(1);
    expect(renderJointReviews("wf-a", given, oid("2"))).toEqual(once);
  });

  it("hold many findings of one part within its own limits", () => {
    const [only] = renderJointReviews("wf-a", publications(1, {}, 500), oid("2"));
    expect(only?.review.body).toContain("- … and 480 more");
  });

  it("are none when everybody has a pull request, or nobody was reviewed", () => {
    const given = publications(3, {});
    for (const worker of given.workers) worker.hasPull = true;
    expect(renderJointReviews("wf-a", given, oid("2"))).toEqual([]);
    expect(renderJointReviews("wf-a", publications(0, {}), oid("2"))).toEqual([]);
  });

  it("have no effect of their own, whatever a model writes", () => {
    const [only] = renderJointReviews(
      "wf-a",
      publications(1, { claim: "@ada closes #1\n\n# x" }),
      oid("2"),
    );
    expect(only?.review.body).not.toMatch(/@ada(?!\u200d|\u2060)/);
    expect(only?.review.body).not.toContain("\n# x");
  });
});
