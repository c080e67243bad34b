// What is known of a repository between two looks at it, so that most beats ask nobody.

import type { Timetable } from "../settings/timetable/timetable.ts";

/** What is known of a repository until it is looked at again. */
export interface Seen {
  /** It has a dashboard, which tells of every run. */
  hasBoard: boolean;
  /** Something that is not in its settings any more has to be told to its end. */
  isRetiring: boolean;
  schedules: {
    name: string;
    table: Timetable;
    seenUntil: number;
    /** The run that was started and is not in the report yet. */
    current: string | null;
    told: ReadonlySet<string>;
  }[];
}

export const nothingSeen: Seen = { schedules: [], hasBoard: false, isRetiring: false };
