// What a process does again and again beside driving runs: where several are, one of them for all.

import { limits } from "./config/limits.ts";
import type { RunDeskProcess } from "./command/run-desk.ts";
import { every } from "./runs/every.ts";
import type { World } from "./world.ts";

type Beat = (signal: AbortSignal) => Promise<void>;

export interface Rounds {
  desk: RunDeskProcess;
  /** Looks at what was not delivered, and at what could not be answered. */
  sweep: () => Promise<void>;
  /** Schedules, migrations, new repositories. */
  beats: readonly Beat[];
}

/** Goes on until the signal. */
export async function makeRounds(
  { clock, fleet }: Pick<World, "clock" | "fleet">,
  { desk, sweep, beats }: Rounds,
  signal: AbortSignal,
): Promise<void> {
  const rounds = async (until: AbortSignal): Promise<void> => {
    const forever = { clock, signal: until };
    await Promise.all([
      every(forever, limits.web.sweepMs, sweep),
      ...beats.map((beat) => every(forever, limits.schedule.beatMs, beat)),
      desk.keep(until),
    ]);
  };
  await Promise.all([
    fleet === null ? rounds(signal) : fleet.alone(rounds, signal),
    // What ended runs left on this machine and by it.
    every({ clock, signal }, limits.publish.tidyMs, (aborted) => desk.tidy(aborted)),
  ]);
}
