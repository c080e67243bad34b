// The shape of what the benchmark of deliveries reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();

/** The slowest round counts; memory is of the bot's process after each round has settled. */
export const DeliveriesResult = z.strictObject({
  deliveries: z.strictObject({
    atOnce: z.int().positive(),
    rounds: z.int().positive(),
    refused: z.int().nonnegative(),
    answerP50Ms: figure,
    answerP99Ms: figure,
    seenMs: figure,
    mbBefore: figure,
    mbAfterRounds: z.array(figure),
  }),
});
export type DeliveriesResult = z.infer<typeof DeliveriesResult>;
