// What every run's record says before anything has happened.

import { version } from "../config/version.ts";
import type { RunRecord } from "./record.ts";

/** The part of a new record that follows from nothing but the time and the version. */
export const nothingYet = (now: number) =>
  ({
    begunBy: version,
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
