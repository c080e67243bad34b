// The steps of a script that is gone through again: what is in the journal is answered from there, reading is done anew.

import type { Call, Performed, Step, StepTable } from "../engine/call.ts";
import { Stopped } from "../engine/errors.ts";
import { limits } from "../config/limits.ts";
import type { Mirror, Snapshot } from "../repo/contract.ts";
import type { FileDiff, Oid } from "../repo/git-data.ts";
import { agentLimits } from "../runs/agents.ts";
import { placeOf } from "../runs/names.ts";
import { openAgentTypes } from "../steps/agent-types/agent-types.ts";
import type { RunContext } from "../steps/context.ts";
import { openConventions } from "../steps/conventions.ts";
import { NOTHING_EARLIER } from "../steps/earlier.ts";
import { openInstructions } from "../steps/instructions.ts";
import { openLedger } from "../steps/ledger.ts";
import { stepTable } from "../steps/table.ts";
import { CannotReplay, type KeptRun } from "./kept-run.ts";

/** The run was never asked this, or never answered it. */
export class Unanswered extends Stopped {
  override readonly name = "Unanswered";
}

/** Where a repository can be read: at the run's commit; or why it cannot, with what to do, as sentences. */
export type Reading =
  | { kind: "here"; snapshot: Snapshot; diffFrom: (from: Oid) => Promise<readonly FileDiff[]> }
  | { kind: "nowhere"; why: string };

export const NO_COMMIT: Reading = {
  kind: "nowhere",
  why: "The script reads the repository, and the run ended before it had a commit to read at.",
};

type Answer = (call: Call, step: Step) => Promise<Performed>;

/** A step for everything that the run's script may ask; `answer` gives what is recorded. */
export function replaySteps({ record }: KeptRun, reading: Reading, answer: Answer): StepTable {
  const table = stepTable(contextFor(record, reading));
  return Object.fromEntries(
    Object.entries(table).map(([name, step]) => [
      name,
      step.replay === "recorded" ? { ...step, perform: (call: Call) => answer(call, step) } : step,
    ]),
  );
}

/** The repository, or what to do as soon as somebody reads. */
function snapshotFor(reading: Reading): Snapshot {
  if (reading.kind === "here") return reading.snapshot;
  const needed = (): Promise<never> => Promise.reject(new CannotReplay(reading.why));
  return {
    commit: "0".repeat(40),
    paths: needed,
    read: needed,
    search: needed,
    entries: needed,
  };
}

const performed = (): never => {
  throw new Error("Nothing is performed when a run is gone through again.");
};
const never = (): Promise<never> => Promise.reject(new Error("A replay asks nobody."));

function contextFor(record: KeptRun["record"], reading: Reading): RunContext {
  const base = snapshotFor(reading);
  const instructions = openInstructions(record.settings["paths.instructions"]);
  return {
    run: {
      id: record.id,
      requester: record.requester,
      author: { name: "Fanfold", email: "noreply@fanfold.invalid" },
      placeOf: placeOf(record),
    },
    mirror: closed,
    base,
    pull: record.isPullRequest
      ? { number: record.thread, diff: () => diffOf(record.base, reading) }
      : null,
    ledger: openLedger(record.base?.commit ?? base.commit),
    agents: { run: never },
    agentTypes: openAgentTypes(base, { wordsChars: limits.agent.rulesChars }),
    conventions: openConventions(base, { chars: limits.agent.rulesChars, instructions }),
    instructions,
    isProtected: () => false,
    questions: { ask: never, close: never },
    checks: { ask: never, endOf: never },
    migrations: { isApart: false, ownersIn: never, known: never, propose: never },
    earlier: NOTHING_EARLIER,
    emit: () => {},
    noteOnce: () => {},
    now: () => 0,
    chooseModel: performed,
    limits: {
      agent: agentLimits,
      reviewersMax: limits.agent.reviewersMax,
      diffChars: limits.agent.diffChars,
      checkLogs: limits.checks.logs,
      checkLogChars: limits.checks.logChars,
    },
    combineUnaccepted: false,
  };
}

/** What the pull request changed then: its commits are in the checkpoint, and the texts in the repository. */
async function diffOf(
  base: KeptRun["record"]["base"],
  reading: Reading,
): Promise<readonly FileDiff[]> {
  if (base?.diffFrom === null) return [];
  if (base?.diffFrom === undefined)
    throw new CannotReplay(
      "The script reads the pull request's diff, and the version of Fanfold that began this run did not write down where that began. It cannot be told any more.",
    );
  if (reading.kind === "nowhere") throw new CannotReplay(reading.why);
  return await reading.diffFrom(base.diffFrom);
}

const closed: Mirror = {
  gitDir: "",
  fetch: never,
  fetchAll: never,
  remoteRefs: never,
  snapshot: never,
  overlay: performed,
  has: never,
  commit: never,
  fold: never,
  foldAll: never,
  foldResolved: never,
  collisions: never,
  replay: never,
  diff: never,
  lineCounts: never,
  renames: never,
  lastChange: never,
  tree: never,
  mergeBase: never,
  isAncestor: never,
  keep: never,
  push: never,
  commitFiles: never,
  readFiles: never,
  [Symbol.asyncDispose]: async () => {},
};
