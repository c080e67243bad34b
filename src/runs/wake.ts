// Puts a run into the queue, to be driven.

import type { WakeOptions } from "../world/queue.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";

/**
 * Kept by the queue when it resolves. Never rejects: what the queue refuses stands on disk and in the repository, and is found
 * by the next look at what nobody drives.
 */
export async function wake(
  { world: { queue, log } }: Pick<House, "world">,
  run: LiveRun,
  options: WakeOptions = {},
): Promise<void> {
  const { id, repository } = run.record();
  try {
    await queue.add({ run: id, repository }, options);
  } catch (error) {
    log.error({ run: id, err: error }, "a run could not be put into the queue; it is looked for");
  }
}
