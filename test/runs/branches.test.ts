// A run's own line never shows a fold before everything said about it stands on GitHub.

import { describe, expect, it } from "vitest";

import type { Entry } from "../../src/engine/journal.ts";
import { desiredBranches, type Shown } from "../../src/runs/branches.ts";
import { settingsOn } from "../../src/runs/fork.ts";
import { publicationsOf } from "../../src/runs/publications.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { RunRecord } from "../../src/runs/record.ts";
import type { StepRecord } from "../../src/steps/records.ts";

const oid = (digit: string): string => digit.repeat(40);
const none = { agents: [], read: [] };
const LINE = "refs/heads/fanfold/wf-a/result";

const record = RunRecord.parse({
  v: 1,
  id: "wf-a",
  repository: { installationId: 1, repositoryId: 2, owner: "acme", name: "sample" },
  thread: 1,
  isPullRequest: false,
  said: null,
  requester: { id: 4, login: "ada" },
  task: "count",
  limits: { agents: 10, budgetUsd: null },
  baseBranch: null,
  base: { branch: "main", commit: oid("0") },
  script: null,
  ...nothingYet(0),
  status: "running",
});

const changed = (id: string, head: string): StepRecord => ({
  kind: "changed",
  ...none,
  change: {
    id,
    branch: `fanfold/wf-a/${id}`,
    base: oid("0"),
    head,
    label: id,
    requirement: "",
    summary: "",
    files: [],
  },
  fold: null,
  leftOut: null,
  resolutions: [],
});
const reviewed = (change: string, head: string): StepRecord => ({
  kind: "reviewed",
  ...none,
  change,
  head,
  verdict: "accepted",
  findings: [],
  votes: [],
  quorum: 1,
});
const folded = (...folds: [change: string, head: string, commit: string][]): StepRecord => ({
  kind: "combined",
  folds: folds.map(([change, head, commit]) => ({ change, head, commit, tree: oid("9") })),
  leftOut: [],
  resolutions: [],
  agents: [],
  read: [],
});

/** Where the line stands after these records, when GitHub shows these pull requests and reviews (the n-th record's). */
function lineAfter(
  records: readonly StepRecord[],
  shownNow: [pulls: string[], reviews: number[]],
  { where = LINE, of = record } = {},
): string {
  const [pulls, reviews] = shownNow;
  const entries = records.map((step, index): Entry => ({
    v: 1,
    kind: "call-ended",
    step: step.kind,
    key: String(index),
    outcome: { ok: true, value: null },
    record: step,
    at: index,
  }));
  const shown: Shown = {
    hasPull: ({ id }) => pulls.includes(id),
    hasReview: (_, key) => reviews.map(String).includes(key),
  };
  const wanted = desiredBranches(
    of,
    publicationsOf(oid("0"), entries, settingsOn({ ...of.settings, workerPulls: 12 }, of.base)),
    shown,
  );
  return wanted.find(({ ref }) => ref === where)?.to ?? "";
}

describe("a run's own line", () => {
  const two = [
    changed("a", oid("1")),
    changed("b", oid("2")),
    reviewed("a", oid("1")),
    reviewed("b", oid("2")),
    folded(["a", oid("1"), oid("a")], ["b", oid("2"), oid("b")]),
  ];

  it.each([
    { does: "waits for a pull request", pulls: [], reviews: [], at: oid("0") },
    { does: "waits for the reviews of a change", pulls: ["a", "b"], reviews: [3], at: oid("0") },
    { does: "shows folds nothing is owed for", pulls: ["a", "b"], reviews: [2], at: oid("a") },
    { does: "shows all in the end", pulls: ["a", "b"], reviews: [2, 3], at: oid("b") },
  ])("$does", ({ pulls, reviews, at }) => {
    expect(lineAfter(two, [pulls, reviews])).toBe(at);
  });

  it("stands in full on a hidden ref from its first fold on, for whoever takes the run up", () => {
    const hidden = "refs/fanfold/runs/wf-a/line";
    expect(lineAfter(two.slice(0, 2), [[], []], { where: hidden })).toBe("");
    expect(lineAfter(two, [[], []], { where: hidden })).toBe(oid("b"));
  });

  it("never stands at a stranger's commit: it comes with the first fold, which waits for nothing", () => {
    const fork = { ...record, base: { branch: "main", commit: oid("0"), fork: 7 } };
    expect(lineAfter(two.slice(0, 4), [[], []])).toBe(oid("0"));
    expect(lineAfter(two.slice(0, 4), [[], []], { of: fork })).toBe("");
    expect(lineAfter(two, [[], []], { of: fork })).toBe(oid("b"));
  });

  it("does not go back for a review of what was folded in before it", () => {
    const later = [...two, reviewed("a", oid("1"))];
    expect(
      lineAfter(later, [
        ["a", "b"],
        [2, 3],
      ]),
    ).toBe(oid("b"));
  });

  it("waits at the second fold of a revised change for what was said between", () => {
    const again = [...two, reviewed("a", oid("3")), folded(["a", oid("3"), oid("c")])];
    expect(
      lineAfter(again, [
        ["a", "b"],
        [2, 3],
      ]),
    ).toBe(oid("b"));
    expect(
      lineAfter(again, [
        ["a", "b"],
        [2, 3, 5],
      ]),
    ).toBe(oid("c"));
  });
});
