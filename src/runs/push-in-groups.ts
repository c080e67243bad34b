// One atomic push, or as many paced ones as the repository's push policy makes of it.

import type { Mirror } from "../repo/contract.ts";
import { type Pushed, REFS_PER_PUSH_MAX, RemoteError, type RefUpdate } from "../repo/remote.ts";
import type { Clock } from "../world/clock.ts";
import type { Pacer } from "./pacer.ts";
import { type OnWait, patiently } from "./patience.ts";

/** What a repository allows in one push, once a refusal has told; null until then. */
export interface PushPolicy {
  refsPerPush: number | null;
}

export interface PushWorld {
  mirror: Pick<Mirror, "push">;
  clock: Clock;
  pacer: Pacer;
  policy: PushPolicy;
  onWait: OnWait;
  /** Told of every group that went through. */
  onMoved: (updates: readonly RefUpdate[]) => void;
}

/**
 * Moves refs in the order given. A refusal that names a policy is remembered for the repository. False when a ref was not
 * where it was left; groups before that one have gone through.
 */
export async function pushInGroups(
  world: PushWorld,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<boolean> {
  const { policy } = world;
  try {
    return await pushGroups(world, updates, signal);
  } catch (error) {
    learnPolicy(policy, error);
    return pushInGroups(world, updates, signal);
  }
}

/** Remembers what a refusal tells of the repository's policy; an error that tells nothing new is thrown. */
export function learnPolicy(policy: PushPolicy, error: unknown): void {
  const known = policy.refsPerPush;
  const told = error instanceof RemoteError ? error.refsPerPush : null;
  if (told === null || (known !== null && told >= known)) throw error;
  policy.refsPerPush = told;
}

/** How many refs one push may move, as far as is known. */
export const refsOfOnePush = ({ refsPerPush }: PushPolicy): number =>
  Math.min(refsPerPush ?? REFS_PER_PUSH_MAX, REFS_PER_PUSH_MAX);

async function pushGroups(
  { mirror, clock, pacer, policy, onWait, onMoved }: PushWorld,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<boolean> {
  const size = refsOfOnePush(policy);
  for (let from = 0; from < updates.length; from += size) {
    if (from > 0) await pacer.turn(signal);
    const group = updates.slice(from, from + size);
    const turn: Turn = (aborted) => pacer.turn(aborted);
    const result = await pushOnce({ mirror, clock, turn, onWait }, group, signal);
    if (result.kind !== "pushed") return false;
    onMoved(group);
  }
  return true;
}

/** One push. Whoever asks has waited for its turn; each further attempt waits for a turn of its own, since it is a push as well. */
export async function pushOnce(
  { mirror, clock, turn, onWait }: Pick<PushWorld, "mirror" | "clock" | "onWait"> & { turn: Turn },
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<Pushed> {
  let attempts = 0;
  return patiently({ clock, signal, onWait }, async () => {
    attempts += 1;
    if (attempts > 1) await turn(signal);
    return mirror.push(updates);
  });
}

type Turn = Pacer["turn"];
