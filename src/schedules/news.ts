// What came into a schedule's report and is not told yet: whoever looks next tells it, also when the process that took it in died. Pure.

import type { News, ScheduleState } from "./state.ts";

/** Together with what nobody has told yet. */
export const withNews = (
  state: ScheduleState,
  { run, hasReport, isFresh }: News,
): ScheduleState => ({
  ...state,
  news: {
    run,
    hasReport: hasReport || (state.news?.hasReport ?? false),
    isFresh: isFresh || (state.news?.isFresh ?? false),
  },
});

/** It is told, unless something else came meanwhile. */
export const withoutNews = (state: ScheduleState, told: News | null): ScheduleState =>
  state.news?.run === told?.run ? { ...state, news: null } : state;
