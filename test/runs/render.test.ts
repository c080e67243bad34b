// Texts of a run stay within what GitHub takes, whatever a script or a reviewer comes up with.

import { describe, expect, it } from "vitest";

import { renderReview } from "../../src/runs/render/review.ts";
import { withoutLines } from "../../src/runs/render/report-review.ts";
import { patiently } from "../../src/runs/patience.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import type { Finding } from "../../src/steps/records.ts";

const oid = "a".repeat(40);

const finding = (line: number): Finding => ({
  path: "a.js",
  line,
  severity: "nit",
  title: `finding ${line}`,
  claim: "It is so. ".repeat(100),
  evidence: "",
  lens: "style",
  inDiff: false,
  suggestion: null,
});

const reviewOf = (findings: Finding[]) =>
  renderReview("wf-a", {
    key: "k",
    round: 1,
    base: oid,
    reviewed: {
      kind: "reviewed",
      agents: [],
      read: [],
      change: "c",
      head: oid,
      verdict: "rejected",
      findings,
      votes: [],
      quorum: 1,
    },
  });

describe("a review with hundreds of findings", () => {
  it("lists some, folds more, counts the rest, and fits into a body", () => {
    const { body } = reviewOf(Array.from({ length: 300 }, (_, index) => finding(index + 1)));
    const [open = "", inFold = ""] = body.split("<details><summary>290 more findings");
    expect([open, inFold].map((part) => part.split("\n- 🟡").length - 1)).toEqual([10, 50]);
    expect(body).toContain("… and 240 more");
    expect(body.length).toBeLessThan(65_536);
  });
});

describe("a reviewer's suggestion", () => {
  const bodyWith = (over: Partial<Finding>): string =>
    reviewOf([{ ...finding(3), inDiff: true, ...over }]).comments[0]?.body ?? "";

  it("can be applied by a click on its line, whatever fences it holds", () => {
    expect(bodyWith({ suggestion: "const a = 1;" })).toContain("```suggestion\nconst a = 1;\n```");
    expect(bodyWith({ suggestion: "```js" })).toContain("````suggestion\n```js\n````");
  });

  it.each<[string, Partial<Finding>]>([
    ["holds what nobody sees", { suggestion: "a\u202eb" }],
    ["hides a comment", { suggestion: "a <!-- b -->" }],
    ["is long", { suggestion: "x\n".repeat(11) }],
    ["is about a file that CI executes", { suggestion: "x", path: "package.json" }],
    ["is about a file that only people change", { suggestion: "x", path: ".github/a.yml" }],
  ])("is left out when it %s", (_, over) => {
    expect(bodyWith(over)).not.toContain("suggestion");
  });
});

describe("a review whose lines GitHub refuses", () => {
  it("keeps every word in its body", () => {
    const review = withoutLines({
      commit: oid,
      body: "2 findings",
      comments: [
        { path: "a.js", line: 1, side: "RIGHT", body: "one" },
        { path: "b.js", line: 2, side: "RIGHT", body: "two" },
      ],
    });
    expect(review.comments).toEqual([]);
    expect(review.body).toMatch(/2 findings.*`a\.js:1`.*one.*`b\.js:2`.*two/s);
  });
});

describe("waiting for GitHub", () => {
  it("is over when the wait is over, so that nobody reads of it for ever", async () => {
    const clock = createManualClock();
    const shown: string[] = [];
    let tries = 0;
    const signal = new AbortController().signal;
    const onWait = () => {
      shown.push("waiting");
      return () => void shown.push("over");
    };
    const work = patiently({ clock, signal, onWait }, async () => {
      tries += 1;
      if (tries === 1) throw new ForgeError("unreachable", "GitHub is away.");
      shown.push("done");
    });
    await clock.during(work, 500);
    expect(shown).toEqual(["waiting", "over", "done"]);
  });
});
