// Tries again what passes by itself; creating calls find what they made before they make it again.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";
import { ForgeError } from "../world/forge-error.ts";
import { RemoteError } from "../repo/remote.ts";

const FIRST_WAIT_MS = 1_000;
const WAIT_MS_MAX = 60_000;
const ATTEMPTS = 8;

/** Told of each wait; what it returns is called when the wait is over. */
export type OnWait = (ms: number, error: Error) => () => void;

/** Performs `work`; on trouble that passes waits (what the other side asked for, else doubling) and tries again. */
export async function patiently<T>(
  world: { clock: Clock; signal: AbortSignal; onWait: OnWait },
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const waitMs = attempt < ATTEMPTS ? waitFor(error, attempt) : null;
      if (waitMs === null || !(error instanceof Error)) throw error;
      const isOver = world.onWait(waitMs, error);
      await world.clock.sleep(waitMs, world.signal).finally(isOver);
    }
  }
}

/** Milliseconds to wait before the next attempt; null when trying again is pointless. */
export function waitFor(error: unknown, attempt: number): number | null {
  const doubling = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** (attempt - 1));
  if (error instanceof RemoteError) return error.transient ? doubling : null;
  if (!(error instanceof ForgeError)) return null;
  switch (error.kind) {
    case "unreachable":
      // What was asked for may have been made, and the next attempt looks for it first.
      return Math.max(limits.publish.listsLagMs, doubling);
    case "limited":
      return Math.max(error.retryAfterMs ?? WAIT_MS_MAX, doubling);
    case "not-found":
    case "forbidden":
    case "refused":
      return null;
  }
}
