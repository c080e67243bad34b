// What every run's record says before anything has happened.

import type { RunRecord } from "./record.ts";

/** The part of a new record that follows from nothing but the time. */
export const nothingYet = (now: number) =>
  ({
    status: "planning",
    statusDetail: null,
    createdAt: now,
    endedAt: null,
    endTold: false,
    announcedAt: null,
    plan: null,
    voidPlans: [],
    finalPull: null,
    proposal: null,
    questions: [],
    branchChecks: [],
    cancel: null,
    pause: null,
    land: null,
    undo: null,
    saved: [],
    raises: [],
    heard: [],
    check: null,
    tidyAt: 0,
  }) satisfies Partial<RunRecord>;
