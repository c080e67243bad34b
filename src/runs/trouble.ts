// A run that cannot be opened: its thread hears of it once, and it is tried again, less and less often.

import { ForgeError } from "../world/forge-error.ts";
import { endingOfError } from "./ending.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { hasWork } from "./publications.ts";
import { duration } from "./render/text.ts";

const FIRST_WAIT_MS = 5_000;
const WAIT_MS_MAX = 60 * 60_000;

/** Milliseconds until a run is tried again that failed so many times in a row. */
export const retryAfterMs = (failures: number): number =>
  Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** (failures - 1));

/**
 * Failures in a row before the thread hears of them: what passes at once is not worth a word. Of a run that is open to all, as
 * another machine let go of it, there may be no trouble but this machine's own, and another one may take it meanwhile.
 */
const TELLING = { ours: 3, open: 6 } as const;

export const isWorthTelling = (failures: number, whose: keyof typeof TELLING = "ours"): boolean =>
  failures >= TELLING[whose];

/** Of the comment that says that a run stands still. */
export const troubleMarker = (run: string): string => `<!-- fanfold:run=${run}:broken -->`;

/** Says once in the thread that the run stands still; when even that fails, the log has it. */
export async function tellTrouble(
  house: House,
  run: LiveRun,
  { error, failures }: { error: unknown; failures: number },
): Promise<void> {
  const { id, repository, thread } = run.record();
  const why =
    endingOfError(error, hasWork(run.record(), run.entries()))?.detail ??
    "the operator's log says why.";
  const marker = troubleMarker(id);
  const next = `It is tried again in ${duration(retryAfterMs(failures))}, then less and less often, at least every ${duration(WAIT_MS_MAX)}.`;
  const body = `${marker}\n⚠️ Run \`${id}\` cannot go on now: ${why}\n\nNothing is lost. ${next}`;
  try {
    const forge = await house.world.openForge(repository);
    if ((await forge.findComment(thread, marker)) === null) await forge.createComment(thread, body);
  } catch (failure) {
    if (!(failure instanceof ForgeError)) throw failure;
    house.world.log.warn(
      { run: id, error: failure.message },
      "could not say in the thread that a run stands still",
    );
  }
}

/** The trouble is over: what the thread was told of it is shown as outdated. */
export async function takeBackTrouble(house: House, run: LiveRun): Promise<void> {
  const { id, repository, thread } = run.record();
  try {
    await (await house.world.openForge(repository)).hide(thread, troubleMarker(id));
  } catch (failure) {
    if (!(failure instanceof ForgeError)) throw failure;
    const consequence = "could not hide what the thread was told of a run that goes on again";
    house.world.log.warn({ run: id, error: failure.message }, consequence);
  }
}
