// All schedules of a repository in a table, for `/workflow schedule list`. Pure.

import { code, inline, moment } from "../../runs/render/text.ts";
import type { Schedule } from "../../settings/schedule.ts";
import type { ScheduleState } from "../state.ts";
import { taskOf } from "../task.ts";

export interface Listed {
  schedule: Schedule;
  state: ScheduleState;
  next: string | null;
}

export function renderList(rows: readonly Listed[]): string {
  if (rows.length === 0) {
    return "This repository has no schedules. They stand in `.github/fanfold.yml` on its default branch, such as:\n\n```yaml\nschedules:\n  - workflow: audit\n    cron: weekly on monday\n```";
  }
  const table = rows.map(({ schedule, state, next }) => {
    const { name, cron, timezone } = schedule;
    const issue = state.issue === null ? "–" : `#${state.issue}`;
    return `| ${code(name)} | ${code(inline(taskOf(schedule), 60))} | ${code(cron)} (${timezone}) | ${standing(state, next)} | ${lately(state)} | ${issue} |`;
  });
  return [
    "| Schedule | Starts | When | Next | Last | Report |",
    "|---|---|---|---|---|---|",
    ...table,
    "",
    "`/workflow schedule run NAME` starts one now, `pause NAME` and `resume NAME` stop and let it go on.",
  ].join("\n");
}

export function standing({ asks, paused, current }: ScheduleState, next: string | null): string {
  if (asks !== null) return "✋ waits for somebody's word";
  if (paused !== null) return `⏸️ paused by ${code(paused.by.login)}`;
  if (current !== null) return `⏳ ${code(current.run)} is at work`;
  return next ?? "never again";
}

function lately({ events }: ScheduleState): string {
  const last = events.at(-1);
  return last === undefined ? "–" : `${last.what}, ${moment(last.at)}`;
}
