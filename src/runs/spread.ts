// Between the machines of a bot: who drives a run, and what people said to one of them reaches the one that does.

import type { Checkpoint } from "./checkpoint.ts";
import type { Desk } from "./driver.ts";
import { every } from "./every.ts";
import type { LiveRun } from "./live.ts";
import { hear, type Heard, passOn } from "./passed-on.ts";
import type { RunRecord } from "./record.ts";
import { checkpointOf } from "./take-up.ts";
import { wake } from "./wake.ts";

/** How long another process drives it yet, as far as can be told; 0 when it may be taken. */
export async function anothersForMs(
  state: Desk,
  { id, checkpoint }: { id: string; checkpoint: Checkpoint | null },
): Promise<number> {
  if (checkpoint === null) return 0;
  const { owner } = await state.house.holder();
  return state.watch.waitMs(id, checkpoint, owner);
}

/** What people said to this process about the run is for the one that drives it. */
export async function leave(
  { house, elsewhere }: Desk,
  { run, there }: { run: LiveRun; there: RunRecord | null },
  signal: AbortSignal,
): Promise<void> {
  elsewhere.add(run.record().id);
  if (there !== null) await passOn(house, { run, there }, signal);
}

/**
 * After people said something to this process about a run: it is driven, here or by whoever the queue hands it to, and the
 * driver of another machine hears of it. Never rejects: what cannot be passed on now is when the run is looked at again.
 */
export async function spread(state: Desk, run: LiveRun): Promise<void> {
  const { house, closing } = state;
  const { id, repository: ref } = run.record();
  await wake(house, run, { urgency: "word" });
  if (state.driving.has(id)) return;
  try {
    const checkpoint = await checkpointOf(house, { ref, id });
    if (checkpoint === null || (await anothersForMs(state, { id, checkpoint })) === 0) return;
    await passOn(house, { run, there: checkpoint.record }, closing.signal);
  } catch (error) {
    if (closing.signal.aborted) return;
    house.world.log.warn({ run: id, error }, "could not pass on what people said about a run");
  }
}

/** Of the lease's time: so often a driver looks for what people said to other machines. */
const LISTENS = 5;

/** For as long as `work` drives the run, what people said to other machines is heard. Trouble with that ends no run. */
export async function listeningTo<Answer>(
  state: Desk,
  { run, signal, onHeard }: { run: LiveRun; signal: AbortSignal; onHeard: () => Promise<void> },
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { house } = state;
  const { id } = run.record();
  state.driving.add(id);
  const heard: Heard = new Map();
  const stop = new AbortController();
  const until = { clock: house.world.clock, signal: AbortSignal.any([signal, stop.signal]) };
  const listening = every(until, house.settings.leaseMs / LISTENS, async (aborted) => {
    try {
      if (await hear(house, { run, heard }, aborted)) await onHeard();
    } catch (error) {
      house.world.log.warn({ run: id, error }, "could not hear what was said to other machines");
    }
  });
  try {
    return await work();
  } finally {
    stop.abort(new DOMException("The run is not driven any more.", "AbortError"));
    state.driving.delete(id);
    await listening;
  }
}
