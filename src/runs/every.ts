// A background loop of a run: work, pause, work; ends with the signal, and its failure ends the run.

import type { Clock } from "../world/clock.ts";

/** Repeats `work` with `gapMs` between two rounds until aborted. Resolves on abort; rejects when `work` does. */
export async function every(
  world: { clock: Clock; signal: AbortSignal },
  gapMs: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  try {
    while (!world.signal.aborted) {
      await work(world.signal);
      await world.clock.sleep(gapMs, world.signal);
    }
  } catch (error) {
    if (!world.signal.aborted) throw error;
  }
}
