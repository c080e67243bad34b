// What each worker took, with its reviews and revisions: read from the journal, shown in its row.

import { expect, it } from "vitest";

import type { Entry } from "../../src/engine/journal.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { publicationsOf } from "../../src/runs/publications.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { renderProgress } from "../../src/runs/render/progress.ts";
import { openView } from "../../src/runs/view.ts";
import type { AgentReceipt, StepRecord } from "../../src/steps/records.ts";

const oid = (digit: string): string => digit.repeat(40);
const minute = 60_000;

const agent = (inputTokens: number, cacheReadTokens = 0): AgentReceipt => ({
  role: "worker",
  label: "parser",
  model: "claude",
  failure: null,
  turns: 1,
  usage: { inputTokens, outputTokens: 0, cacheReadTokens, cacheWriteTokens: 0, costUsd: 0 },
});
const change = (head: string) => ({
  id: "a",
  branch: "fanfold/wf-a/a",
  base: oid("0"),
  head,
  label: "parser",
  requirement: "",
  summary: "",
  files: [],
});

function call(key: string, record: StepRecord, [from, to]: [number, number]): Entry[] {
  const common = { v: 1, key, step: record.kind } as const;
  return [
    { ...common, kind: "call-started", label: null, phase: null, at: from * minute },
    { ...common, kind: "call-ended", outcome: { ok: true, value: null }, record, at: to * minute },
  ];
}

const made: StepRecord = {
  kind: "changed",
  agents: [agent(1000, 500)],
  read: [],
  change: change(oid("1")),
  fold: null,
  leftOut: null,
  resolutions: [],
};
const reviewed: StepRecord = {
  kind: "reviewed",
  agents: [agent(30), agent(4)],
  read: [],
  change: "a",
  head: oid("1"),
  verdict: "rejected",
  findings: [],
  votes: [],
  quorum: 1,
};
const revised: StepRecord = {
  kind: "revised",
  agents: [agent(200)],
  read: [],
  change: change(oid("2")),
  answers: 1,
};
const elsewhere: StepRecord = { kind: "answered", agents: [agent(9_000_000)], read: [] };

const entries = [
  ...call("1", made, [1, 3]),
  ...call("2", elsewhere, [0, 60]),
  ...call("3", reviewed, [4, 6]),
  ...call("4", revised, [7, 9]),
];
const { workers } = publicationsOf(oid("0"), entries, { workerPulls: 12 });

it("counts the tokens of everybody who worked on a change, from its first call to its last", () => {
  expect(workers.map(({ took }) => took)).toEqual([{ tokens: 1734, ms: 8 * minute }]);
});

it("shows them in the worker's row", () => {
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
  const text = renderProgress({
    record,
    view: openView([]),
    workers,
    pulls: new Map(),
    isLeftAlone: () => false,
    script: null,
    held: null,
    report: null,
    now: 0,
    pageOf: () => "https://github.test/branch",
    checkpointRef: "refs/fanfold/runs/wf-a/state",
  });
  const [, head = "", , row = ""] = /(\| \| Worker.*)\n(.*)\n(.*)/u.exec(text) ?? [];
  expect(head.split("|")).toHaveLength(row.split("|").length);
  expect(row).toBe(
    "| ⏳ not reviewed yet | parser | 0 files | 1,734 tokens, 8 min 0 s | [`fanfold/wf-a/a`](https://github.test/branch) |",
  );
});
