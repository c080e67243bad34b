// Between the machines of a bot: who drives a run, and what people said to one of them reaches the one that does.

import type { Checkpoint } from "./checkpoint.ts";
import type { Desk } from "./driver.ts";
import { every } from "./every.ts";
import { type SaidChange, tellSaid } from "./fleet/told.ts";
import type { LiveRun } from "./live.ts";
import { hear, type Heard, passOn } from "./passed-on.ts";
import { passes } from "./passes.ts";
import type { RunRecord } from "./record.ts";
import { checkpointOf } from "./take-up.ts";
import { wake } from "./wake.ts";

interface Asked {
  id: string;
  checkpoint: Checkpoint | null;
  /** Whether the queue handed the run to nobody but this process. */
  isExclusive: boolean;
}

/** How long another process drives it yet, as far as can be told; 0 when it may be taken. */
export async function anothersForMs(
  state: Desk,
  { id, checkpoint, isExclusive }: Asked,
): Promise<number> {
  if (checkpoint === null) return 0;
  const { owner } = await state.house.holder();
  return state.watch.waitMs(id, checkpoint, { owner, isExclusive });
}

/** `open`: another process had it last and let go of it, or nobody knows just now. */
type Whose = "another's" | "ours" | "open";

/** Whose a run is, as the checkpoint says now; one that cannot be read for good is for anybody to tell of. */
export async function whoseIs(state: Desk, run: LiveRun): Promise<Whose> {
  const { id, repository: ref } = run.record();
  if (state.elsewhere.has(id)) return "another's";
  try {
    const checkpoint = await checkpointOf(state.house, { ref, id });
    if ((await anothersForMs(state, { id, checkpoint, isExclusive: false })) > 0)
      return "another's";
    const { owner } = await state.house.holder();
    return (checkpoint?.lease?.owner ?? owner) === owner ? "ours" : "open";
  } catch (error) {
    state.house.world.log.warn({ run: id, error }, "could not tell who drives a run");
    return passes(error) ? "open" : "ours";
  }
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
 * After people said something to this process about a run, which made `change` of its record: it is driven, here or by whoever
 * the queue hands it to, and the driver of another machine hears of it. Rejects only where several processes share a queue and
 * the run's driver could not be told: whoever spoke is not answered then.
 */
export async function spread(state: Desk, run: LiveRun, change: SaidChange): Promise<void> {
  const { house } = state;
  const { fleet } = house.world;
  const { id } = run.record();
  if (fleet !== null && !state.handed.has(id)) await tellSaid(house, run, { fleet, change });
  await wake(house, run, { urgency: "word" });
  if (fleet === null && !state.driving.has(id)) await passOnWhereDriven(state, run);
}

/** Never rejects: what cannot be passed on now is when the run is looked at again. */
async function passOnWhereDriven(state: Desk, run: LiveRun): Promise<void> {
  const { house, closing } = state;
  const { id, repository: ref } = run.record();
  const isExclusive = false;
  try {
    const checkpoint = await checkpointOf(house, { ref, id });
    const waitMs = await anothersForMs(state, { id, checkpoint, isExclusive });
    if (checkpoint === null || waitMs === 0) return;
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
