// What everything about schedules works with: the house of runs, their desk, and the book.

import type { RunDeskHandle } from "../runs/desk.ts";
import type { House } from "../runs/house.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type Book, withSchedule } from "./book.ts";
import { freshState, type RepositoryState, type ScheduleState } from "./state.ts";

export interface Kit {
  house: House;
  desk: RunDeskHandle;
  book: Book;
  /** How far migrations are, as Markdown for the dashboard; null where there are none. */
  migrations: (ref: RepositoryRef) => Promise<string | null>;
}

export const stateOf = (state: RepositoryState, name: string, now: number): ScheduleState =>
  state.schedules.get(name) ?? freshState(now);

/** Whether its run that has not ended waits for something, as far as this process has it. */
export async function isStuckIn(
  { desk }: Kit,
  ref: RepositoryRef,
  { current }: Pick<ScheduleState, "current">,
): Promise<boolean> {
  if (current === null) return false;
  const known = (await desk.list(ref)).find(({ run }) => run === current.run);
  return known?.state === "waiting" || known?.state === "paused";
}

/** Changes one schedule, as it is by then; null leaves it. True when something was written. */
export function changeSchedule(
  { book, house }: Kit,
  { ref, name }: { ref: RepositoryRef; name: string },
  change: (state: ScheduleState) => ScheduleState | null,
): Promise<boolean> {
  return book.change(ref, (all) => {
    const next = change(stateOf(all, name, house.world.clock.now()));
    return next === null ? null : withSchedule(all, name, next);
  });
}
