// What a schedule starts, as a person would type it. Pure.

import type { Schedule } from "../settings/schedule.ts";

export function taskOf({ workflow, args }: Schedule): string {
  if (args === undefined) return workflow;
  return `${workflow} ${typeof args === "string" ? args : JSON.stringify(args)}`;
}
