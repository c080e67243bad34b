// What is different in a run whose commit stands in a stranger's fork. Pure.

import type { RunRecord } from "./record.ts";

type Base = RunRecord["base"];

/** Whether the commit that is built upon is a stranger's: no branch of ours may stand at it, or CI executes it as if it were ours. */
export const isInFork = (base: Base): boolean => base?.fork !== undefined;

/** The settings of such a run: a writer's own pull request would need a branch at the stranger's commit to be compared with. */
export const settingsOn = (settings: RunRecord["settings"], base: Base): RunRecord["settings"] =>
  isInFork(base) ? { ...settings, workerPulls: 0 } : settings;
