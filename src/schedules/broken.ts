// Settings that cannot be used: what would have started is skipped, and whoever reads its issue is told.

import { limits } from "../config/limits.ts";
import { ticksIn } from "../settings/timetable/timetable.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { changeSchedule, type Kit } from "./kit.ts";
import { brokenSettings } from "./render/reasons.ts";
import type { Seen } from "./seen.ts";
import { withEvent } from "./state.ts";
import { ask } from "./tell.ts";

/** By the settings as they were before: what they were is the last that anybody knows. */
export async function passBroken(kit: Kit, ref: RepositoryRef, before: Seen): Promise<Seen> {
  const now = kit.house.world.clock.now();
  const schedules: Seen["schedules"] = [];
  for (const each of before.schedules) {
    const tick = ticksIn(each.table, each.seenUntil, now).at(-1);
    if (tick !== undefined) await passOne(kit, ref, { name: each.name, tick });
    schedules.push({ ...each, seenUntil: tick ?? each.seenUntil });
  }
  return { ...before, schedules };
}

async function passOne(
  kit: Kit,
  ref: RepositoryRef,
  { name, tick }: { name: string; tick: number },
): Promise<void> {
  const isSkip = kit.house.world.clock.now() - tick <= limits.schedule.lateMs;
  await changeSchedule(kit, { ref, name }, (state) => {
    if (state.seenUntil >= tick) return null;
    const what = isSkip ? "skipped" : "missed";
    return withEvent({ ...state, seenUntil: tick }, { at: tick, what, detail: brokenSettings });
  });
  const issue = (await kit.book.known(ref)).schedules.get(name)?.issue ?? null;
  if (issue === null) return;
  await ask(await kit.house.world.openForge(ref), { name, issue, why: brokenSettings });
}
