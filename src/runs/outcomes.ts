// What runs came to, for those who started them without a comment: from this disk, or from what another machine left.

import type { Occasion, RunState } from "../command/run-desk.ts";
import type { Oid } from "../repo/git-data.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { Desk } from "./driver.ts";
import type { House } from "./house.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { publicationsOf } from "./publications.ts";
import type { RunRecord } from "./record.ts";
import {
  type Coverage,
  coverageOf,
  type FindingRow,
  findingsOf,
  isAboutFindings,
} from "./render/report.ts";
import { summaryOf } from "./summary.ts";
import { takeUp } from "./take-up.ts";

/** What a run has found and looked at. */
export interface Findings {
  findings: FindingRow[];
  coverage: Coverage | null;
}

export interface RunOutcome {
  run: string;
  occasion: Occasion | null;
  state: RunState;
  /** Its end stands in its thread. */
  isOver: boolean;
  /** How it ended, as Markdown; null while it goes on. */
  detail: string | null;
  /** The commit it is about; null when it did not get to one. */
  commit: Oid | null;
  /** Null when it reported nothing that could be a list of findings. */
  found: Findings | null;
  finalPull: number | null;
  costUsd: number | null;
  url: string | null;
  createdAt: number;
  endedAt: number | null;
}

export interface RunOutcomes {
  /** Null when neither this disk nor the repository knows the run. */
  outcome(repository: RepositoryRef, run: string): Promise<RunOutcome | null>;
  /** Runs of a repository that schedules started, and what was run again of them, as far as this process has them. */
  scheduled(repository: RepositoryRef): Promise<RunOutcome[]>;
}

export function outcomes(state: Desk, ready: (ref: RepositoryRef) => Promise<void>): RunOutcomes {
  const { house, runs } = state;
  return {
    outcome: async (ref, id) => {
      await ready(ref);
      const run = runs.get(id) ?? (await takeUp(house, { ref, id }));
      return run === null ? null : outcomeOf(house, run);
    },
    scheduled: async (ref) => {
      await ready(ref);
      const here = [...runs.values()].filter((run) => {
        const { repository, occasion } = run.record();
        return repository.repositoryId === ref.repositoryId && occasion !== null;
      });
      return here.map((run) => outcomeOf(house, run));
    },
  };
}

function outcomeOf({ world }: House, run: LiveRun): RunOutcome {
  const { id, occasion, base, finalPull, statusDetail, endTold, createdAt, endedAt } = run.record();
  const { state, costUsd, url } = summaryOf(run, world.clock.now());
  const isOver = !isAlive(run) && endTold;
  return {
    run: id,
    occasion,
    state,
    isOver,
    detail: isOver ? statusDetail : null,
    commit: base?.commit ?? null,
    found: isOver ? foundBy(run, base) : null,
    finalPull: finalPull?.number ?? null,
    costUsd,
    url,
    createdAt,
    endedAt,
  };
}

function foundBy(run: LiveRun, base: RunRecord["base"]): Findings | null {
  if (base === null) return null;
  const { report } = publicationsOf(base.commit, run.entries(), run.record().settings);
  if (!isAboutFindings(report?.value)) return null;
  return { findings: findingsOf(report?.value), coverage: coverageOf(report?.value) };
}
