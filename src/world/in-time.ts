// Work that is waited for no longer than somebody else waits for us.

import type { Clock } from "./clock.ts";

/** It may still go on, and nobody waits for it any more. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/** Rejects with `TooLate` and these words after so many milliseconds; what becomes of the work then is told to nobody. */
export async function inTime<Result>(
  clock: Pick<Clock, "sleep">,
  { ms, why }: { ms: number; why: string },
  work: Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  clock.sleep(ms, over.signal).then(
    () => reject(new TooLate(why)),
    () => undefined,
  );
  return await Promise.race([work, late]).finally(() => over.abort());
}
