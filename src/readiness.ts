// Whether a process should be sent anything, for whoever balances load. Being alive is another question: `/ping` answers it.

import { startDeadline } from "./agent/deadline.ts";
import type { Clock } from "./world/clock.ts";
import type { Queue } from "./world/queue.ts";

/** Kubernetes asks again after ten seconds, and waits for one unless told. */
const LOOK_MS = 800;

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
    const late = { ms: LOOK_MS, reason: new Error("The queue did not answer in time.") };
    using time = startDeadline(clock, late, new AbortController().signal);
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    time.signal.addEventListener("abort", () => reject(time.signal.reason), { once: true });
    try {
      await Promise.race([queue.depth(), tooLate]);
      return null;
    } catch {
      // Why it cannot be reached is in the log, with its address: nobody outside needs it.
      return "The queue cannot be reached. Comments are refused until it can be, and asked for again.";
    }
  };
}
