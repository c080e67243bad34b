// Keeps a schedule's issue true, and calls people when only their word helps.

import { limits } from "../config/limits.ts";
import type { Schedule } from "../settings/schedule.ts";
import type { Ground } from "./ground.ts";
import { ensureIssue, issueMarker, putPart } from "./issue.ts";
import { isStuckIn, type Kit } from "./kit.ts";
import { renderIssue } from "./render/issue.ts";
import * as say from "./render/reasons.ts";
import { sha256 } from "./ground.ts";
import type { ScheduleState } from "./state.ts";
import type { Forge } from "../world/forge.ts";

/** A schedule that has nothing to say yet gets no issue. */
export async function tell(
  kit: Kit,
  ground: Ground,
  { schedule, reopen }: { schedule: Schedule; reopen: boolean },
): Promise<void> {
  const { ref, forge } = ground;
  const { name } = schedule;
  const state = (await kit.book.known(ref)).schedules.get(name);
  if (state === undefined || (state.issue === null && state.asks === null)) return;
  const issue = await ensureIssue(kit, { ref, forge }, name);
  const isStuck = await isStuckIn(kit, ref, state);
  const urls = new Map((await kit.desk.scheduled(ref)).map(({ run, url }) => [run, url]));
  const part = renderIssue(schedule, state, {
    repositoryId: ref.repositoryId,
    now: kit.house.world.clock.now(),
    pageOf: (commit, path) => forge.pageOf({ commit, path }),
    urlOf: (run) => urls.get(run) ?? null,
    isStuck,
  });
  await putPart(forge, issue, { marker: issueMarker(name), part, reopen });
  const why = state.asks?.why ?? (isStuck ? standsStill(state) : null);
  if (why !== null) await ask(forge, { name, issue, why });
}

/** A run that waits has called people itself; that its schedule stands still they hear when a moment has passed. */
function standsStill({ current, events }: ScheduleState): string | null {
  const why = current === null ? null : say.isStuck(current.run);
  return events.some(({ what, detail }) => what === "skipped" && detail === why) ? why : null;
}

/** One comment for one reason: an edited issue calls nobody. */
export async function ask(
  forge: Forge,
  { name, issue, why }: { name: string; issue: number; why: string },
): Promise<void> {
  const marker = `<!-- fanfold:schedule=${name}:asks=${sha256(why).slice(0, 12)} -->`;
  if ((await forge.findComment(issue, marker)) !== null) return;
  const body = `${marker}\n✋ **The schedule \`${name}\` does not start.** ${why}\n\nUntil then its moments pass. Nothing else is started or spent.`;
  await forge.createComment(issue, body.slice(0, limits.publish.commentChars));
}
