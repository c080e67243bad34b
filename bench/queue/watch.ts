// Waits for what a town shows.

import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 20;
const PATIENCE_MS = 300_000;

/** Resolves as soon as it is there. Rejects when it does not come within five minutes. */
export async function untilFound<T>(what: string, look: () => T | null | undefined): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found != null) return found;
    if (performance.now() > end) throw new Error(`${what} did not come in five minutes.`);
    await sleep(LOOK_MS);
  }
}
