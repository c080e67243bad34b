// What people may ask about by name, and which commands are offered where a run stands.

import { describe, expect, it } from "vitest";

import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { publicationsOf } from "../../src/runs/publications.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { nextCommands } from "../../src/runs/render/hold.ts";
import { renderWhy } from "../../src/runs/render/why.ts";
import { openView } from "../../src/runs/view.ts";
import { defaultSettings } from "../../src/settings/effective.ts";
import type { StepRecord } from "../../src/steps/records.ts";

const oid = (digit: string): string => digit.repeat(40);

const record = RunRecord.parse({
  v: 1,
  id: "wf-a",
  repository: { installationId: 1, repositoryId: 1, owner: "acme", name: "site" },
  thread: 7,
  isPullRequest: false,
  said: null,
  requester: { id: 1, login: "ada" },
  task: "Do it",
  limits: { agents: 10, budgetUsd: null },
  baseBranch: null,
  ...nothingYet(0),
  base: { branch: "main", commit: oid("0") },
  script: null,
});

const records: StepRecord[] = [
  { kind: "answered", agents: [], read: ["src/left.ts", "src/made.ts"] },
  {
    kind: "changed",
    agents: [],
    read: [],
    change: {
      id: "c1",
      branch: "fanfold/wf-a/c1",
      base: oid("0"),
      head: oid("1"),
      label: "the first part",
      requirement: "",
      summary: "",
      files: [{ path: "src/made.ts", additions: 1, deletions: 1 }],
    },
    fold: null,
    leftOut: null,
    resolutions: [],
  },
  {
    kind: "reviewed",
    agents: [],
    read: [],
    change: "c1",
    head: oid("1"),
    verdict: "rejected",
    findings: [
      {
        path: "src/other.ts",
        line: 3,
        severity: "blocking",
        title: "A token leaks",
        claim: "It is logged.",
        evidence: "",
        lens: "security",
        inDiff: true,
        suggestion: null,
      },
    ],
    votes: [{ lens: "security", vote: "against", reason: null }],
    quorum: 1,
  },
];

const entries = records.map((each, at) => ({
  v: 1 as const,
  kind: "call-ended" as const,
  key: `k${at}`,
  step: "change",
  outcome: { ok: true as const, value: null },
  record: each,
  at: 0,
}));
const known = {
  record,
  publications: publicationsOf(oid("0"), entries, defaultSettings),
  view: openView([]),
};

describe("why", () => {
  it.each([
    "first part",
    "SRC/MADE.TS",
    "src/other.ts",
    "token leaks",
    "security",
    "fanfold/wf-a/c1",
  ])("%s finds the change that it is about", (wanted) => {
    const { text, isAnswer } = renderWhy(known, wanted);
    expect(isAnswer).toBe(true);
    expect(text).toContain("**the first part** ❌ rejected");
  });

  it("says of a file that nothing was made of whether it was read, and of another that nobody knows it", () => {
    const { text, isAnswer } = renderWhy(known, "`src/left.ts`");
    expect(isAnswer).toBe(true);
    expect(text).toContain("`src/left.ts` was read by 1 agent: no change touched it");
    const none = renderWhy(known, "src/nowhere.ts");
    expect(none.isAnswer).toBe(false);
    expect(none.text).toContain("No agent, file, finding or reviewer of run `wf-a` is called");
  });
});

describe("the commands that are offered", () => {
  it("do something where the run stands", () => {
    const plan = { asks: null, started: true };
    const at = (
      status: RunRecord["status"],
      of: Partial<Parameters<typeof nextCommands>[0]> = {},
    ): string => nextCommands({ ...record, ...of, status });
    expect(at("planning")).not.toContain("land");
    expect(at("waiting", { plan: { asks: "it is large", started: false } })).toBe(
      "`/workflow status` · `/workflow pause` · `/workflow cancel`",
    );
    expect(at("running", { plan })).toContain("`/workflow land`");
    expect(at("publishing", { plan })).toBe("`/workflow status` · `/workflow cancel`");
  });
});
