// `/workflow replay`: an ended run gone through again by the bot itself, from what it left; nobody is asked and nothing is paid.

import { RunRefused, type RunDesk, type ThreadRef } from "../command/run-desk.ts";
import { branchRef } from "../repo/refs.ts";
import { readCheckpoint } from "../runs/checkpoint.ts";
import type { House } from "../runs/house.ts";
import { isEnded } from "../runs/record.ts";
import { code } from "../runs/render/text.ts";
import { openSeal, SealBroken } from "../runs/seal.ts";
import { type KeptRun, runOnDisk } from "./kept-run.ts";
import { renderReplayed } from "./render.ts";
import { type Hands, replayRun } from "./replay.ts";
import type { Reading } from "./steps.ts";
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

/** One after the other: a script may compute for as long as a run's may. */
export function createReplayDesk(house: House, desk: Pick<RunDesk, "status">): ReplayDesk {
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
  desk: Pick<RunDesk, "status">,
  { thread, asked }: { thread: ThreadRef; asked: Asked },
): Promise<string> {
  const id = asked.run ?? (await newestEnded(desk, thread));
  const run = await find(house, thread, id);
  const { status } = run.record;
  if (!isEnded(status)) {
    throw new RunRefused(
      `😕 Run ${code(id)} has not ended (${status}): it is gone through again when it has. \`/workflow status\` says where it stands.`,
    );
  }
  const hands = await handsFor(house, run);
  const replayed = await replayRun(run, hands);
  const whatIf = asked.capUsd === null ? null : await underCap(run, hands, asked.capUsd);
  return renderReplayed(run, { replayed, whatIf });
}

async function newestEnded(desk: Pick<RunDesk, "status">, thread: ThreadRef): Promise<string> {
  const runs = await desk.status(thread);
  const ended = ["completed", "partial", "failed", "cancelled"];
  const newest = runs.findLast(({ state }) => ended.includes(state));
  if (newest !== undefined) return newest.run;
  throw new RunRefused(
    "😕 No run of this thread has ended. `/workflow list` shows the runs of this repository.",
  );
}

/** On this disk, or in its checkpoint: another machine may have driven it. */
async function find(house: House, { repository }: ThreadRef, id: string): Promise<KeptRun> {
  const { repositoryId } = repository;
  const here = await runOnDisk(house.world.disk, id);
  if (here?.record.repository.repositoryId === repositoryId) return here;
  const { mirror } = await house.site(repository);
  const seal = openSeal(house.settings.checkpointSecret, id);
  try {
    const kept =
      here === null ? await readCheckpoint(mirror, seal, { run: id, repositoryId }) : null;
    if (kept !== null) return kept;
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new RunRefused(`😕 ${error.message}`);
  }
  throw new RunRefused(
    `😕 This repository has no run ${code(id)} that I know. \`/workflow list\` shows its runs.`,
  );
}

async function handsFor(house: House, { record }: KeptRun): Promise<Hands> {
  const { sandboxes, settings, world } = house;
  return {
    openSandbox: sandboxes.open,
    sleep: (ms, signal) => world.clock.sleep(ms, signal),
    reading: record.base === null ? null : await readingAt(house, record),
    workflowsDir: settings.workflowsDir,
  };
}

/** Null when the commit is gone from the repository by now. */
async function readingAt(house: House, record: KeptRun["record"]): Promise<Reading> {
  const { base, repository } = record;
  if (base === null) return null;
  const { mirror } = await house.site(repository);
  await mirror.fetch(branchRef(base.branch));
  const isHere = await mirror.has(base.commit);
  return isHere ? await mirror.snapshot(base.commit) : null;
}
