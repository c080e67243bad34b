// When a run that another machine let go of is left as it stands.

import { describe, expect, it } from "vitest";

import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { restsAsLeft } from "../../src/runs/at-rest.ts";
import type { Checkpoint } from "../../src/runs/checkpoint.ts";
import { nextLease } from "../../src/runs/lease.ts";
import { liveRun } from "../../src/runs/live.ts";
import type { RunRecord } from "../../src/runs/record.ts";
import { runFolder } from "../../src/runs/store.ts";
import { bareRecord } from "./bare-record.ts";

const question = {
  id: "q-1",
  key: "approve:1",
  text: "Shall it?",
  askedAt: 0,
  expiresAt: 1_000,
  url: null,
  decision: null,
};
const record = bareRecord({ status: "waiting", questions: [question] });
const holder = { owner: "theirs", process: "p", ttlMs: 60_000, guard: "time" as const };
const lease = { ...nextLease(null, holder), isReleased: true, isAtRest: true };
const checkpoint: Checkpoint = {
  commit: "c".repeat(40),
  record,
  script: null,
  entries: [],
  segments: 0,
  journalDigest: "",
  agents: { kept: new Map(), lines: [] },
  lease,
  anew: new Map(),
};
const here = { owner: "ours", now: 10 };

const rests = (
  change: Partial<Checkpoint> = {},
  known: RunRecord = record,
  who = here,
): boolean => {
  const folder = runFolder(createMemoryDisk(), "wf-a");
  const run = liveRun(folder, { record: known, script: null, entries: [] });
  return restsAsLeft(run, { ...checkpoint, ...change }, who);
};

describe("a run that another machine let go of", () => {
  it("is left as it stands while people are waited for and were told", () => {
    expect(rests()).toBe(true);
  });

  it.each([
    ["nobody was told, since its driver was stopped", { lease: { ...lease, isAtRest: false } }],
    ["its driver did not let go of it", { lease: { ...lease, isReleased: false } }],
    ["this machine let go of it itself", { lease: { ...lease, owner: "ours" } }],
    ["nothing tells who drove it", { lease: null }],
    ["an older key sealed some of it", { anew: new Map([["manifest", new Uint8Array()]]) }],
  ])("is driven when %s", (_, change) => {
    expect(rests(change)).toBe(false);
  });

  it("is driven when somebody spoke here meanwhile", () => {
    const decision = { approved: true, by: "ada", comment: "" };
    expect(rests({}, { ...record, questions: [{ ...question, decision }] })).toBe(false);
  });

  it("is driven when the question's time is over", () => {
    expect(rests({}, record, { ...here, now: 1_000 })).toBe(false);
  });
});
