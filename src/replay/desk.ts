// `/workflow replay`: an ended run gone through again by the bot itself, from what it left; nobody is asked and nothing is paid.

import { RunRefused, type ThreadRef } from "../command/run-desk.ts";
import type { Oid } from "../repo/git-data.ts";
import { branchRef } from "../repo/refs.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import type { House } from "../runs/house.ts";
import { stateRefOf } from "../runs/names.ts";
import { headRefOf } from "../runs/pin.ts";
import type { RunStatus } from "../runs/record.ts";
import { code } from "../runs/render/text.ts";
import { furthest } from "./furthest.ts";
import { openKept } from "./in-repository.ts";
import { CannotReplay, type KeptRun, type KnownRun, runOnDisk } from "./kept-run.ts";
import { renderReplayed } from "./render.ts";
import { type Hands, replayRun } from "./replay.ts";
import { NO_COMMIT, type Reading } from "./steps.ts";
import { underCap } from "./what-if.ts";

/** What somebody wants to see again. */
export interface Asked {
  /** Null is the newest one of the thread that has ended. */
  run: string | null;
  /** What would have become of it under this cap, in US dollars; null: only whether it comes to the same end. */
  capUsd: number | null;
}

export interface ReplayDesk {
  /** How it went, as Markdown. Rejects with `RunRefused` where there is nothing to go through. */
  replay(thread: ThreadRef, asked: Asked): Promise<string>;
}

type Desk = Pick<RunDeskHandle, "status" | "runs">;

/** One after the other: a script may compute for as long as a run's may. */
export function createReplayDesk(house: House, desk: Desk): ReplayDesk {
  let last: Promise<unknown> = Promise.resolve();
  return {
    replay(thread, asked) {
      const mine = last.then(() => again(house, desk, { thread, asked }));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function again(
  house: House,
  desk: Desk,
  { thread, asked }: { thread: ThreadRef; asked: Asked },
): Promise<string> {
  const id = asked.run ?? (await newestEnded(desk, thread));
  const run = await find(house, { desk, thread }, id);
  const hands = await handsFor(house, run);
  const replayed = await replayRun(run, hands);
  const whatIf = asked.capUsd === null ? null : await underCap(run, hands, asked.capUsd);
  return renderReplayed(run, { replayed, whatIf });
}

async function newestEnded(desk: Desk, thread: ThreadRef): Promise<string> {
  const runs = await desk.status(thread);
  const ended = ["completed", "partial", "failed", "cancelled"];
  const newest = runs.findLast(({ state }) => ended.includes(state));
  if (newest !== undefined) return newest.run;
  throw new RunRefused(
    "😕 No run of this thread has ended. `/workflow list` shows the runs of this repository.",
  );
}

/** As this process or this disk knows it, or out of its checkpoint: another machine may have driven it. */
async function find(
  house: House,
  { desk, thread }: { desk: Desk; thread: ThreadRef },
  id: string,
): Promise<KeptRun> {
  const { repository } = thread;
  try {
    const here = inHand(desk, id) ?? (await runOnDisk(house.world.disk, id));
    const isOurs = (here?.record.repository ?? repository).repositoryId === repository.repositoryId;
    const found = isOurs ? await furthest(here, () => checkpointOf(house, repository, id)) : null;
    if (found?.kind === "ended") return found.run;
    throw new RunRefused(found === null ? unknown(id) : alive(id, found.status));
  } catch (error) {
    if (!(error instanceof CannotReplay)) throw error;
    throw new RunRefused(`😕 ${error.message}`);
  }
}

const unknown = (id: string): string =>
  `😕 This repository has no run ${code(id)} that I know. \`/workflow list\` shows its runs.`;

const alive = (id: string, status: RunStatus): string =>
  `😕 Run ${code(id)} has not ended (${status}): it is gone through again when it has. \`/workflow status\` says where it stands.`;

/** What this process has of it is as far as the disk, or further. */
function inHand(desk: Desk, id: string): KnownRun | null {
  const run = desk.runs().find((each) => each.record().id === id);
  if (run === undefined) return null;
  const record = run.record();
  return {
    record,
    read: async () => ({ record, script: run.script(), entries: [...run.entries()] }),
  };
}

async function checkpointOf(
  house: House,
  repository: ThreadRef["repository"],
  id: string,
): Promise<KeptRun | null> {
  const { mirror } = await house.site(repository);
  const commit = await mirror.fetch(stateRefOf(id));
  if (commit === null) return null;
  const files = await mirror.readFiles(commit);
  const { repositoryId } = repository;
  return await openKept(id, house.settings.checkpointSecret, { commit, files, repositoryId });
}

async function handsFor(house: House, { record }: KeptRun): Promise<Hands> {
  return { openSandbox: house.sandboxes.open, reading: await readingAt(house, record) };
}

async function readingAt(house: House, record: KeptRun["record"]): Promise<Reading> {
  const { base, repository } = record;
  if (base === null) return NO_COMMIT;
  const { mirror } = await house.site(repository);
  const { commit } = base;
  for (const ref of refsWith(record)) {
    if (await mirror.has(commit)) break;
    await mirror.fetch(ref);
  }
  if (!(await mirror.has(commit)))
    return {
      kind: "nowhere",
      why: `The script reads the repository at commit ${commit}, which stands on no branch any more.`,
    };
  const diffFrom = (from: Oid) => mirror.diff(from, commit);
  return { kind: "here", snapshot: await mirror.snapshot(commit), diffFrom };
}

/** Where a run's commit may stand. */
const refsWith = ({ base, isPullRequest, thread }: KeptRun["record"]): string[] => [
  ...(base === null ? [] : [branchRef(base.branch)]),
  ...(isPullRequest ? [headRefOf({ number: thread })] : []),
];
