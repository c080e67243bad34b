// The shape of what the benchmark of many runs at once reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();

/** `loopDelay…` is how late the bot's own process comes to what it has to do; memory and CPU are that process's alone. */
export const CrowdResult = z.strictObject({
  crowd: z.strictObject({
    runs: z.int().positive(),
    agents: z.int().positive(),
    turns: z.int().positive(),
    completed: z.int().nonnegative(),
    seconds: figure,
    peakMb: figure,
    cpuSecondsPer1000Turns: figure,
    loopDelayP50Ms: figure,
    loopDelayP99Ms: figure,
    loopDelayMostMs: figure,
  }),
});
export type CrowdResult = z.infer<typeof CrowdResult>;
