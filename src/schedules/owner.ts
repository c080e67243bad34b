// On whose word a schedule starts: found when it is set up, and looked at again before each start.

import { authorize } from "../command/authorize.ts";
import type { Schedule } from "../settings/schedule.ts";
import type { Account } from "../world/forge.ts";
import { definitionOf, type Ground, writerOf } from "./ground.ts";
import type { ScheduleState } from "./state.ts";
import * as say from "./render/reasons.ts";

/** Somebody who may start it now, or why nobody may. */
export type Owner = { ok: true; owner: Account } | { ok: false; why: string };

/**
 * The same account as long as its lines are the same. A person who took a schedule on by their word counts more than who
 * wrote its lines: a comment's author is known for certain, a commit's is what the commit says.
 */
export async function ownerOf(
  ground: Ground,
  { schedule, index }: { schedule: Schedule; index: number },
  { pin }: Pick<ScheduleState, "pin">,
): Promise<Owner> {
  const { forge, rules } = ground;
  const kept = pin?.definition === definitionOf(schedule) ? pin.owner : null;
  const found = kept ?? (await named(ground, schedule)) ?? (await written(ground, schedule, index));
  if (found === null) return { ok: false, why: say.noOwner(schedule) };
  const needs = rules.effective.settings["permissions.run"];
  const { role, userId } = await forge.permissionOf(found.login);
  const decision = authorize(found.id, { kind: "known", role, userId }, needs);
  if (decision.allowed) return { ok: true, owner: found };
  return { ok: false, why: say.ownerMayNot(schedule, { login: found.login, role, needs }) };
}

async function named({ forge }: Ground, { owner }: Schedule): Promise<Account | null> {
  if (owner === undefined) return null;
  const login = owner.replace(/^@/u, "");
  const { userId } = await forge.permissionOf(login);
  return userId === 0 ? null : { id: userId, login };
}

async function written(
  ground: Ground,
  { owner }: Schedule,
  index: number,
): Promise<Account | null> {
  // Whoever is named and not there is not replaced by somebody else. The owner's file is not in this repository.
  const isOurs = ground.rules.effective.origins.get("schedules") === "repository";
  return owner === undefined && isOurs ? await writerOf(ground, index) : null;
}
