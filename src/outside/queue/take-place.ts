// A place for a run that was handed out: of its repository and its installation over all processes, and of this process.

import type { Clock } from "../../world/clock.ts";
import type { QueueLimits, Wake } from "../../world/queue.ts";
import type { Comer } from "../../world/room.ts";
import type { Bull, BullQueue } from "./bull.ts";
import { admissionOf, Data } from "./bull-turns.ts";
import type { Places } from "./places.ts";
import { type Given, putBack, putToSleep } from "./put-back.ts";

export interface Taking {
  bull: Bull;
  queue: BullQueue;
  limits: QueueLimits;
  clock: Clock;
  places: Places;
  /** This process takes none now. */
  isPaused: boolean;
  isClosing: boolean;
}

/** The run goes back to the queue, and the job's processor ends, where it has no place. */
export async function takePlace(state: Taking, given: Given, wake: Wake): Promise<void> {
  const { bull, places } = state;
  const admission = await admissionOf(state, given.job, wake);
  // Its repository's or its installation's places are taken: it comes back.
  if (admission === null) return await putToSleep(state, given, bull.times.renewMs);
  const { installationId } = wake.repository;
  const who = { ...admission, installationId };
  const isLate = await waitForPlace(state, given, who);
  try {
    if (isLate) await lookAgain(state, given, { wake, who });
  } catch (error) {
    places.leave(who);
    throw error;
  }
  if (!state.isPaused && !state.isClosing) return;
  places.leave(who);
  return await putBack(state.bull, given);
}

/**
 * One that finds none is held for a moment: seen as one that waits, also when it is put back and handed out again. Others may
 * have come meanwhile, of whom nothing is driven: they are before it then. True when it was held.
 */
async function waitForPlace(state: Taking, given: Given, who: Comer): Promise<boolean> {
  const { places, bull } = state;
  const { job } = given;
  const wasHeld = Data.safeParse(job.data).data?.isHeld === true;
  if (places.take(who)) return wasHeld;
  if (!wasHeld) await job.updateData({ ...job.data, isHeld: true });
  if (await places.wait(who, bull.times.renewMs)) return true;
  return await putBack(bull, given);
}

/** While it was held it took nobody's place, so that its repository's or its installation's may be taken by now. */
async function lookAgain(
  state: Taking,
  given: Given,
  { wake, who }: { wake: Wake; who: Comer },
): Promise<void> {
  const { job } = given;
  await job.updateData({ ...job.data, isHeld: false, wasHeld: true });
  const admission = await admissionOf(state, job, wake);
  if (admission === null) return await putToSleep(state, given, state.bull.times.renewMs);
  if (who.isGuest && !admission.isGuest) await putBack(state.bull, given);
}
