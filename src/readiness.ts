// Whether a process should be sent anything, for whoever balances load. Being alive is another question: `/ping` answers it.

import type { Clock } from "./world/clock.ts";
import { inTime } from "./world/in-time.ts";
import type { Queue } from "./world/queue.ts";

/** Kubernetes asks again after ten seconds, and waits for one unless told. */
const LOOK = { ms: 800, why: "The queue did not answer in time." };

export interface ReadinessParts {
  clock: Clock;
  queue: Pick<Queue, "depth">;
  /** Aborted once this process is being stopped. */
  stopping: AbortSignal;
}

/** Gives a sentence that says why not, or null. Never rejects. */
export function createReadiness({
  clock,
  queue,
  stopping,
}: ReadinessParts): () => Promise<string | null> {
  return async () => {
    if (stopping.aborted) return "This process is being stopped.";
    try {
      await inTime(clock, LOOK, queue.depth());
      return null;
    } catch {
      // Why it cannot be reached is in the log, with its address: nobody outside needs it.
      return "The queue cannot be reached. Comments are refused until it can be, and asked for again.";
    }
  };
}
