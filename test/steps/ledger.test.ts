import { describe, expect, it } from "vitest";

import { applyRecord, isBehind, openLedger, verdictOf } from "../../src/steps/ledger.ts";
import type { StepRecord } from "../../src/steps/records.ts";

const oid = (digit: string): string => digit.repeat(40);
const none = { agents: [], read: [] };

const change = (head: string) => ({
  id: "c",
  branch: "fanfold/wf-a/c",
  base: oid("0"),
  head,
  label: "c",
  requirement: "",
  summary: "",
  files: [],
});

const reviewed = (head: string, verdict: "accepted" | "rejected" | "unverified"): StepRecord => ({
  kind: "reviewed",
  ...none,
  change: "c",
  head,
  verdict,
  findings: [],
  votes: [],
  quorum: 1,
});

function verdictAfter(...records: StepRecord[]): string | null {
  const ledger = openLedger(oid("0"));
  const made: StepRecord = {
    kind: "changed",
    ...none,
    change: change(oid("1")),
    fold: null,
    leftOut: null,
    resolutions: [],
  };
  for (const record of [made, ...records]) applyRecord(ledger, record);
  const state = ledger.changes.get("c");
  return state === undefined ? null : verdictOf(state);
}

describe("a change that is revised after it was folded in", () => {
  it("counts as folded in with its older version, until the newer one is folded in as well", () => {
    const ledger = openLedger(oid("0"));
    const fold = (head: string, commit: string): StepRecord => ({
      kind: "combined",
      folds: [{ change: "c", head, commit, tree: oid("9") }],
      leftOut: [],
      resolutions: [],
      agents: [],
      read: [],
    });
    applyRecord(ledger, {
      kind: "changed",
      ...none,
      change: change(oid("1")),
      fold: null,
      leftOut: null,
      resolutions: [],
    });
    const state = (): boolean | null => {
      const known = ledger.changes.get("c");
      return known?.folded === true ? isBehind(known) : null;
    };
    applyRecord(ledger, fold(oid("1"), oid("a")));
    expect(state()).toBe(false);
    applyRecord(ledger, { kind: "revised", ...none, change: change(oid("2")), answers: 1 });
    expect(state()).toBe(true);
    applyRecord(ledger, fold(oid("2"), oid("b")));
    expect(state()).toBe(false);
    expect(ledger.folds).toHaveLength(2);
  });
});

describe("the verdict on a change", () => {
  it("stays rejected for one head, in whatever order its reviews end", () => {
    const [yes, no] = [reviewed(oid("1"), "accepted"), reviewed(oid("1"), "rejected")];
    expect([verdictAfter(yes, no), verdictAfter(no, yes)]).toEqual(["rejected", "rejected"]);
  });

  it("begins anew with a revision", () => {
    const revised: StepRecord = { kind: "revised", ...none, change: change(oid("2")), answers: 1 };
    expect(verdictAfter(reviewed(oid("1"), "rejected"), revised)).toBe("unverified");
    expect(
      verdictAfter(reviewed(oid("1"), "rejected"), revised, reviewed(oid("2"), "accepted")),
    ).toBe("accepted");
  });
});
