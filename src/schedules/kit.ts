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
}

export const stateOf = (state: RepositoryState, name: string, now: number): ScheduleState =>
  state.schedules.get(name) ?? freshState(now);

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
