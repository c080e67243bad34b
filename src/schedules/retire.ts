// Schedules that the settings have no more: their last run is told, their issue says so, and when they come back they count from then on.

import type { Schedule } from "../settings/schedule.ts";
import { giveBack, takeEnd } from "./ends.ts";
import type { Ground } from "./ground.ts";
import { findOrOpen, issueMarker, putPart } from "./issue.ts";
import { changeSchedule, type Kit } from "./kit.ts";
import { withoutNews } from "./news.ts";
import { renderRetired } from "./render/issue.ts";
import { closeAlerts, hasAlerts } from "./scan.ts";
import type { RepositoryState, ScheduleState } from "./state.ts";

/** Those of which something has to be said still. */
export function retiringIn(
  { schedules }: RepositoryState,
  settings: readonly Schedule[],
): [string, ScheduleState][] {
  const there = new Set(settings.map(({ name }) => name));
  return [...schedules].filter(([name, { retiredAt, current, news, ledger }]) => {
    const isToTell = retiredAt === null || current !== null || news !== null;
    return !there.has(name) && (isToTell || hasAlerts(ledger));
  });
}

/** Nothing of it starts any more; a run that is at work goes on, and is told when it ends. */
export async function retire(
  kit: Kit,
  ground: Ground,
  [name, state]: [string, ScheduleState],
): Promise<void> {
  const { ref } = ground;
  const isEnded = await takeLast(kit, ground, { name, state });
  await closeAlerts(kit, ground, { name, ledger: state.ledger });
  if (state.retiredAt !== null && !isEnded) return;
  const now = (await kit.book.known(ref)).schedules.get(name) ?? state;
  await tellRetired(ground, name, now);
  // Only now: where the words could not be said, they are said at the next look.
  const retiredAt = now.retiredAt ?? kit.house.world.clock.now();
  await changeSchedule(kit, { ref, name }, (each) => ({
    ...withoutNews(each, now.news),
    retiredAt,
    asks: null,
  }));
}

async function tellRetired({ forge }: Ground, name: string, now: ScheduleState): Promise<void> {
  if (now.issue === null) return;
  const marker = issueMarker(name);
  const issue = await findOrOpen(forge, { known: now.issue, marker, title: `Fanfold: ${name}` });
  const pageOf = (commit: string, path: string): string => forge.pageOf({ commit, path });
  await putPart(forge, issue, {
    marker,
    part: renderRetired(name, now, { pageOf }),
    reopen: false,
  });
}

/** True when its last run is not at work any more. */
async function takeLast(
  kit: Kit,
  ground: Ground,
  { name, state: { current } }: { name: string; state: ScheduleState },
): Promise<boolean> {
  if (current === null) return true;
  const outcome = await kit.desk.outcome(ground.ref, current.run);
  if (outcome === null) await giveBack(kit, ground.ref, { name, current });
  else if (outcome.isOver) await takeEnd(kit, ground, { name, outcome });
  return outcome === null || outcome.isOver;
}

/** What it was is forgotten as far as time goes: nothing was missed while it was not there. */
export const backAgain = (state: ScheduleState, now: number): ScheduleState => ({
  ...state,
  retiredAt: null,
  seenUntil: now,
});
