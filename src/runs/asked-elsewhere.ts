// Questions that runs asked on another machine, and that this one has not heard of.

import type { Desk } from "./driver.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { checkpointOf } from "./take-up.ts";

/**
 * Looks into the checkpoints of runs that this process does not drive; true when one of them asks something new. A checkpoint
 * that cannot be read now is left out: who spoke is answered by what is known.
 */
export async function learnQuestions(
  { house, driving }: Desk,
  runs: readonly LiveRun[],
): Promise<boolean> {
  let isNew = false;
  for (const run of runs.filter(isAlive)) {
    const { id, repository: ref } = run.record();
    if (driving.has(id)) continue;
    try {
      const there = (await checkpointOf(house, { ref, id }))?.record.questions ?? [];
      const { questions } = run.record();
      const fresh = there.filter((each) => !questions.some((known) => known.id === each.id));
      if (fresh.length === 0) continue;
      await run.update({ questions: [...questions, ...fresh] });
      isNew = true;
    } catch (error) {
      const consequence = "could not look whether a run asks something on another machine";
      house.world.log.warn({ run: id, error }, consequence);
    }
  }
  return isNew;
}
