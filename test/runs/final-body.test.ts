// The body of a final pull request of a thousand parts still has every section, and counts what reviewers said.

import { describe, expect, it } from "vitest";

import type { Provenance } from "../../src/runs/provenance.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { publicationsOf } from "../../src/runs/publications.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { renderFinalPull } from "../../src/runs/render/final-pull.ts";
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

const common = { agents: [], read: [] };

type Changed = Extract<StepRecord, { kind: "changed" }>;

const changed = (n: number, head = oid("1")): Changed => ({
  kind: "changed",
  ...common,
  change: {
    id: `c${n}`,
    branch: `fanfold/wf-a/c${n}`,
    base: oid("0"),
    head,
    label: `part ${n}`,
    requirement: "",
    summary: "",
    files: [{ path: `lib/${n}.js`, additions: 1, deletions: 1 }],
  },
  fold: { change: `c${n}`, head, commit: oid("2"), tree: oid("3") },
  leftOut: null,
  resolutions: [],
});

const reviewed = (
  head: string,
  verdict: "accepted" | "rejected" | "unverified",
  findings: number,
): StepRecord => ({
  kind: "reviewed",
  ...common,
  change: "c0",
  head,
  verdict,
  findings: Array.from({ length: findings }, (_, line) => ({
    path: "lib/0.js",
    line: line + 1,
    severity: "blocking",
    title: "Wrong",
    claim: "",
    evidence: "",
    lens: "correctness",
    inDiff: true,
    suggestion: null,
  })),
  votes: [],
  quorum: 1,
});

function bodyOf(
  records: readonly StepRecord[],
  hunks: Extract<Provenance, { kind: "known" }>["hunks"] = [],
): string {
  const entries = records.map((each, at) => ({
    v: 1 as const,
    kind: "call-ended" as const,
    key: `k${at}`,
    step: "change",
    outcome: { ok: true as const, value: null },
    record: each,
    at: 0,
  }));
  return renderFinalPull({
    record,
    publications: publicationsOf(oid("0"), entries, defaultSettings),
    synthesis: null,
    report: null,
    moved: null,
    pulls: new Map(),
    meetings: [],
    counts: records.flatMap((each) =>
      each.kind === "changed"
        ? each.change.files.map(({ path }) => ({
            path,
            isNew: false,
            isGone: false,
            lines: { added: 1, removed: 1 },
          }))
        : [],
    ),
    provenance: { hunks: { kind: "known", hunks }, page: "https://github.test/provenance.json" },
    template: null,
  }).body;
}

describe("the final pull request's body", () => {
  it("has every section and fits, however many parts there are", () => {
    const body = bodyOf(Array.from({ length: 1000 }, (_, n) => changed(n)));
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain("and 996 more");
    expect(body).toContain("… and 850 parts more.");
    for (const section of ["Not done", "Risk & undo", "Script & plan hash"])
      expect(body).toContain(section);
  });

  it("names for each hunk who made it, who looked at it and what holds it, and where the rest can be read", () => {
    const hunk = {
      path: "lib/0.js",
      before: { start: 3, lines: 2 },
      after: { start: 3, lines: 4 },
      by: [
        { makers: [{ change: "c0", isResolved: false }], lines: 4, commit: oid("7") },
        { makers: [{ change: "c1", isResolved: true }], lines: 2, commit: null },
      ],
    };
    const checked: StepRecord = {
      kind: "checked",
      change: "c0",
      from: oid("1"),
      head: oid("1"),
      verdict: "passed",
      checks: [],
    };
    const records = [changed(0), changed(1), reviewed(oid("1"), "accepted", 0), checked];
    const body = bodyOf(records, [hunk]);
    expect(body).toContain(
      "| `lib/0.js` 3–6 | 4 | part 0 (`fanfold/wf-a/c0`) | accepted | CI passed | `777777777777` |",
    );
    expect(body).toContain(
      "| `lib/0.js` 3–6 | 2 | part 1 (`fanfold/wf-a/c1`), its conflict resolved by an agent | no review | – | – |",
    );
    const many = bodyOf(
      records,
      Array.from({ length: 500 }, () => hunk),
    );
    expect(many).toMatch(
      /… and \d+ more hunks: \[`provenance.json`\]\(https:\/\/github.test\/provenance.json\)/,
    );
    expect(many).toContain("Script & plan hash");
    expect(many.length).toBeLessThan(65_536);
  });

  it("counts what was written to the cache as input that was paid for", () => {
    const usage = {
      inputTokens: 10,
      outputTokens: 30,
      cacheReadTokens: 2000,
      cacheWriteTokens: 1000,
      costUsd: 0.5,
    };
    const agent = {
      role: "worker",
      label: "w",
      model: "m",
      failure: null,
      turns: 1,
      usage,
    } as const;
    const body = bodyOf([{ ...changed(0), agents: [agent] }]);
    expect(body).toContain("| `m` | 1 | 1,010 | 2,000 | 30 | $0.50 |");
  });

  it("tells findings that a revision answered from those that stand, and never hides what nobody decided", () => {
    const revised: StepRecord = {
      kind: "revised",
      ...common,
      change: { ...changed(0).change, head: oid("4") },
      answers: 2,
    };
    const answered = [changed(0), reviewed(oid("1"), "rejected", 2), revised];
    const body = bodyOf([...answered, reviewed(oid("4"), "accepted", 1)]);
    expect(body).toContain("| 2 | 3 (3 blocking) | 2 | 1 | 0 | **0** | 0 |");
    const verified = (verdict: "refuted" | "unverified"): StepRecord => ({
      kind: "verified",
      ...common,
      claim: "It leaks.",
      verdict,
      votes: [],
    });
    const open = [...answered, reviewed(oid("4"), "unverified", 0)];
    expect(bodyOf([...open, verified("refuted"), verified("unverified")])).toContain(
      "| 2 | 3 (2 blocking) | 0 | 2 | 1 | **2** | 0 |",
    );
  });
});
