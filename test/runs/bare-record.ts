// The record of a run of which nothing is known but that it was asked for.

import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { RunRecord } from "../../src/runs/record.ts";

/** Of run `wf-a` in repository 2, asked for by ada; `change` is what a test is about. */
export const bareRecord = (change: object = {}): RunRecord =>
  RunRecord.parse({
    v: 1,
    id: "wf-a",
    repository: { installationId: 1, repositoryId: 2, owner: "o", name: "r" },
    thread: 7,
    isPullRequest: false,
    said: null,
    requester: { id: 1, login: "ada" },
    task: "t",
    limits: { agents: 10, budgetUsd: null },
    baseBranch: null,
    base: null,
    script: null,
    ...nothingYet(0),
    ...change,
  });
