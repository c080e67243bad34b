// The shape of what the benchmark of the queue reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();
const spread = z.strictObject({ p50: figure, p99: figure });

/** From the moment in which somebody comments to the first request of an agent. In milliseconds. */
const FirstAgent = z.strictObject({
  engine: z.string(),
  commands: z.int().positive(),
  ms: spread,
  /** Where the repository has to be fetched first: the median. */
  firstOfRepositoryMs: figure,
});

/** CPU in seconds for a run: of the bot's processes with their children, and of the GitHub and the model beside them. */
const Rate = z.strictObject({
  workers: z.int().positive(),
  runs: z.int().positive(),
  agents: z.int().positive(),
  runsPerMinute: figure,
  botCpuS: figure,
  townCpuS: figure,
  /** Of the machine's cores, by whomever. */
  busyShare: figure,
});

/** From SIGKILL to the moment in which another process is handed the run, and to its next request of a model. */
const Recovery = z.strictObject({
  kills: z.int().positive(),
  handedMs: z.strictObject({ p50: figure, most: figure }),
  goesOnMs: z.strictObject({ p50: figure, most: figure }),
});

/** One run more, while so many wait. */
const Adding = z.strictObject({
  engine: z.string(),
  waiting: z.int().positive(),
  firstMs: figure,
  p50Ms: figure,
});

export const QueueResult = z.strictObject({
  queue: z.strictObject({
    firstAgent: z.array(FirstAgent),
    rate: z.array(Rate),
    recovery: Recovery,
    adding: z.array(Adding),
    /** The load average of the machine before and after. */
    load: z.strictObject({ before: figure, after: figure }),
  }),
});
export type QueueResult = z.infer<typeof QueueResult>;
export type FirstAgent = z.infer<typeof FirstAgent>;
export type Rate = z.infer<typeof Rate>;
export type Recovery = z.infer<typeof Recovery>;
export type Adding = z.infer<typeof Adding>;
