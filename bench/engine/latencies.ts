// How long each agent of a measured fan-out takes, and what all of them take at best.

/** Equal latencies, or long-tailed ones with the same mean; the same list every time. */
export function latencies(
  calls: number,
  { meanMs, longTail }: { meanMs: number; longTail: boolean },
): readonly number[] {
  if (!longTail) return Array.from({ length: calls }, () => meanMs);
  const draw = random(7);
  return Array.from({ length: calls }, () => -Math.log(1 - draw()) * meanMs);
}

/** The time that calls take in this order when a place that becomes free is taken at once. */
export function idealMs(waits: readonly number[], atOnce: number): number {
  const freeAt = Array.from({ length: atOnce }, () => 0);
  for (const waitMs of waits) {
    const soonest = freeAt.indexOf(Math.min(...freeAt));
    freeAt[soonest] = (freeAt[soonest] ?? 0) + waitMs;
  }
  return Math.max(...freeAt);
}

// A generator of Park and Miller: enough to spread latencies, and the same on every machine.
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
