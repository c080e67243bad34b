// A job that is not worked on now goes back into the queue.

import type { Job } from "bullmq";

import type { Clock } from "../../world/clock.ts";
import type { Bull } from "./bull.ts";

/** A job that was handed out, with the lock it is held by. */
export interface Given {
  job: Job;
  token: string;
}

/** Gives a job back to be handed out at its turn; what is thrown tells BullMQ so. */
export async function putBack(bull: Bull, { job, token }: Given): Promise<never> {
  await job.moveToWait(token);
  throw bull.putBack.waiting();
}

/** Gives a job back to be handed out after so many milliseconds. */
export async function putToSleep(
  { bull, clock }: { bull: Bull; clock: Clock },
  { job, token }: Given,
  ms: number,
): Promise<never> {
  const due = clock.now() + ms;
  // It comes back as one that was not held yet.
  await job.updateData({ ...job.data, due, isHeld: false, wasHeld: false });
  await job.moveToDelayed(due, token);
  throw bull.putBack.sleeping();
}
