// What a process does again and again beside driving runs: where several are, one of them for all.

import { limits } from "./config/limits.ts";
import type { RunDeskProcess } from "./command/run-desk.ts";
import { every } from "./runs/every.ts";
import type { World } from "./world.ts";

type Beat = (signal: AbortSignal) => Promise<void>;

export interface Rounds {
  desk: RunDeskProcess;
  /** Looks at what was not delivered, and at what an earlier process left unanswered. */
  sweep: () => Promise<void>;
  /** Tries again to answer what GitHub did not let us answer. */
  retry: () => Promise<void>;
  /** Schedules, migrations, new repositories. */
  beats: readonly Beat[];
}

/** Goes on until the signal. */
export async function makeRounds(
  { clock, fleet }: Pick<World, "clock" | "fleet">,
  { desk, sweep, retry, beats }: Rounds,
  signal: AbortSignal,
): Promise<void> {
  const rounds = async (until: AbortSignal, firstMs = 0): Promise<void> => {
    await clock.sleep(firstMs, until).catch(() => undefined);
    const forever = { clock, signal: until };
    await Promise.all([
      every(forever, limits.web.sweepMs, sweep),
      every(forever, limits.web.answerAgainMs, retry),
      ...beats.map((beat) => every(forever, limits.schedule.beatMs, beat)),
      desk.keep(until),
    ]);
  };
  await Promise.all([
    // Whoever gets them from a process that was lost gets its runs as well, and these come first.
    fleet === null
      ? rounds(signal)
      : fleet.alone((until) => rounds(until, limits.fleet.settleMs), signal),
    // What ended runs left on this machine and by it.
    every({ clock, signal }, limits.publish.tidyMs, (aborted) => desk.tidy(aborted)),
  ]);
}
