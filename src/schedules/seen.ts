// What is known of a repository between two looks at it, so that most beats ask nobody.

import type { Timetable } from "../settings/timetable/timetable.ts";
import type { Told } from "./told.ts";

/** What is known of a repository until it is looked at again. */
export interface Seen {
  /** It has a dashboard, which tells of every run. */
  hasBoard: boolean;
  schedules: SeenSchedule[];
}

interface SeenSchedule extends Told {
  name: string;
  table: Timetable;
  seenUntil: number;
  /** Something of it is to be told still: telling it failed. */
  hasNews: boolean;
}

export const nothingSeen: Seen = { schedules: [], hasBoard: false };
