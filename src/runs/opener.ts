// Puts runs on the desk: each once, however many find it at the same time.

import type { Desk } from "./driver.ts";
import type { Finder } from "./left-behind.ts";
import type { LiveRun } from "./live.ts";
import { wasPushed } from "./fleet/find.ts";
import { tellBegun } from "./fleet/told.ts";
import { isOwed } from "./owed.ts";
import { announce, watchPlace } from "./queued.ts";
import { wake } from "./wake.ts";

/** Reads a run and has it driven when something is owed to it; nothing happens when the desk has it or there is none. */
export type OpenRun = (id: string, read: () => Promise<LiveRun | null>) => Promise<void>;

/** One after the other for each run: two that find the same one at once must end up with the same object. */
export function createOpener(state: Pick<Desk, "runs" | "house" | "queued" | "closing">): OpenRun {
  const { runs } = state;
  const opening = new Map<string, Promise<void>>();
  return (id, read) => {
    const before = opening.get(id) ?? Promise.resolve();
    const mine = before
      .catch(() => undefined)
      .then(async () => {
        const run = runs.has(id) ? null : await read();
        if (run === null) return;
        runs.set(id, run);
        if (isOwed(run)) await queueUp(state, run);
      })
      .finally(() => {
        if (opening.get(id) === mine) opening.delete(id);
      });
    opening.set(id, mine);
    return mine;
  };
}

/** The desk as whoever looks for runs sees it. */
export const finderOf = (
  { runs, unreadable }: Pick<Desk, "runs" | "unreadable">,
  open: OpenRun,
): Finder => ({
  isKnown: (id) => runs.has(id),
  unreadable,
  open,
});

/** Nobody sits and waits for what a schedule starts. */
const urgencyOf = (run: LiveRun): "asked" | "scheduled" =>
  run.record().occasion === null ? "asked" : "scheduled";

/** Whoever is handed the run finds what was told of it, and the comment that says it waits. */
async function queueUp(
  state: Pick<Desk, "runs" | "house" | "queued" | "closing">,
  run: LiveRun,
): Promise<void> {
  const { house } = state;
  const { fleet } = house.world;
  await announce(state, run);
  if (fleet !== null && !wasPushed(run)) await tellBegun(house, fleet, run);
  await wake(house, run, { urgency: urgencyOf(run) });
  await watchPlace(state, run);
}
