// Keeps a schedule's issue true, and calls people when only their word helps.

import { limits } from "../config/limits.ts";
import type { Schedule } from "../settings/schedule.ts";
import type { Ground } from "./ground.ts";
import { ensureIssue, issueMarker, putPart } from "./issue.ts";
import type { Kit } from "./kit.ts";
import { renderIssue } from "./render/issue.ts";
import { sha256 } from "./ground.ts";
import type { ScheduleState } from "./state.ts";

/** A schedule that has nothing to say yet gets no issue. */
export async function tell(
  kit: Kit,
  ground: Ground,
  { schedule, isNews }: { schedule: Schedule; isNews: boolean },
): Promise<void> {
  const { ref, forge } = ground;
  const { name } = schedule;
  const state = (await kit.book.known(ref)).schedules.get(name);
  if (state === undefined || (state.issue === null && state.asks === null)) return;
  const issue = await ensureIssue(kit, { ref, forge }, name);
  const urls = new Map((await kit.desk.scheduled(ref)).map(({ run, url }) => [run, url]));
  const part = renderIssue(schedule, state, {
    repositoryId: ref.repositoryId,
    now: kit.house.world.clock.now(),
    pageOf: (commit, path) => forge.pageOf({ commit, path }),
    urlOf: (run) => urls.get(run) ?? null,
  });
  const fresh = state.ledger.rounds.at(-1)?.fresh ?? 0;
  await putPart(forge, issue, { marker: issueMarker(name), part, reopen: isNews && fresh > 0 });
  if (state.asks !== null) await ask(ground, { name, issue, state, why: state.asks.why });
}

/** One comment for one reason: an edited issue calls nobody. */
async function ask(
  { forge }: Ground,
  { name, issue, why }: { name: string; issue: number; state: ScheduleState; why: string },
): Promise<void> {
  const marker = `<!-- fanfold:schedule=${name}:asks=${sha256(why).slice(0, 12)} -->`;
  if ((await forge.findComment(issue, marker)) !== null) return;
  const body = `${marker}\n✋ **The schedule \`${name}\` does not start.** ${why}\n\nUntil then its moments pass. Nothing was started, nothing was spent.`;
  await forge.createComment(issue, body.slice(0, limits.publish.commentChars));
}
