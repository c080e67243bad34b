// What was told against queue: a run that sleeps hears of it, and what nobody will hear is forgotten.

import { limits } from "../../config/limits.ts";
import type { Fleet } from "../../world/fleet.ts";
import type { World } from "../../world.ts";

/**
 * Wakes each run that sleeps although something was said of it, once for each word; `woken` keeps which: it may have been said
 * in the moment in which its driver fell asleep. What was told of a run that the queue does not name is forgotten after a while.
 */
export async function reconcileTold(
  { queue, clock }: Pick<World, "queue" | "clock">,
  fleet: Pick<Fleet, "told" | "forget">,
  woken: Set<string>,
): Promise<void> {
  // Asked first: whoever tells of a run adds it afterwards.
  const entries = new Map((await queue.entries()).map((entry) => [entry.run, entry]));
  const told = await fleet.told();
  const ageOf = ({ at }: { at: number }): number => clock.now() - at;
  await fleet.forget(
    told.filter((one) => !entries.has(one.run) && ageOf(one) >= limits.fleet.allMs),
  );
  for (const one of told) {
    const entry = entries.get(one.run);
    const isUnheard = entry?.state === "sleeping" && ageOf(one) >= limits.fleet.settleMs;
    if (entry === undefined || !isUnheard || woken.has(one.id)) continue;
    woken.add(one.id);
    await queue.add({ run: one.run, repository: entry.repository }, { urgency: "word" });
  }
  const standing = new Set(told.map(({ id }) => id));
  for (const id of woken) if (!standing.has(id)) woken.delete(id);
}
