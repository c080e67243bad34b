// Who may do what at this moment: the live role against the verb's own rule and the repository's, and whether anything may start.

import { authorize, type Decision, type Permission } from "../command/authorize.ts";
import type { Verb } from "../command/command.ts";
import type { Role } from "../command/verb-entry.ts";
import { allVerbs, type GuardedVerb, leastRoleFor, verbs } from "../command/verbs.ts";
import * as replies from "../command/replies.ts";
import { effectiveOf } from "../settings/effective.ts";
import type { Settings } from "../settings/keys.ts";
import { renderClosed } from "../settings/render.ts";
import type { RulesNow } from "../settings/rules.ts";
import { ForgeError } from "../world/forge-error.ts";
import { type Answer, confirmed, forAnyone, place, type Talk } from "./talk.ts";

export type Admission = { refusal: Answer } | { refusal: null; rules: RulesNow };

/** They only stop or tell: when the settings cannot be read, the verb's own rule is enough. */
const isHarmless = (verb: GuardedVerb): boolean =>
  verbs[verb].effect === "stops" || verbs[verb].effect === "tells";

/** Fails closed: what cannot be checked is refused. Rejects with `ForgeError` when the settings cannot be read. */
export async function admit(talk: Talk, verb: GuardedVerb): Promise<Admission> {
  const permission = await permissionOf(talk);
  const judge = (needs: Role): Decision => authorize(talk.event.sender.id, permission, needs);
  const own = judge(leastRoleFor(verb));
  if (!own.allowed) {
    const usual = judge(verbs[verb].needs);
    return { refusal: denial(talk, verb, usual.allowed ? own : usual) };
  }
  const rules = await rulesFor(talk, verb);
  const decision = judge(roleFor(rules.effective.settings, verb));
  if (!decision.allowed) return { refusal: denial(talk, verb, decision) };
  if (verbs[verb].effect !== "starts") return { refusal: null, rules };
  const why =
    rules.closed === null ? await tooMany(talk, verb) : renderClosed(rules, talk.event.repository);
  if (why === null) return { refusal: null, rules };
  return { refusal: confirmed("confused", `${why}\n\n${replies.nothingStarted}`) };
}

/** A program that comments with a person's account must not empty the till overnight. */
async function tooMany(
  { tallies, event, key, world }: Talk,
  verb: GuardedVerb,
): Promise<string | null> {
  if (!beginsRun(verb)) return null;
  const repository = String(event.repository.repositoryId);
  const person = `${repository}/${event.sender.id}`;
  const isPersonWithin = await tallies.startsOfPerson.admits(person, key);
  if (isPersonWithin && (await tallies.starts.admits(repository, key))) return null;
  world.log.warn(place(event), "Refused: too many runs were asked for in this hour.");
  return replies.tooManyStarts(isPersonWithin ? "repository" : "person");
}

/** Whether what it asks for is a run of its own, which is named by the command's key. */
export const beginsRun = (verb: GuardedVerb): boolean => ["run", "plan", "retry"].includes(verb);

/** What this person may use here, as far as that can be found out now; null when it cannot. */
export async function rightsOf(talk: Talk): Promise<replies.Rights | null> {
  const permission = await permissionOf(talk);
  if (permission.kind === "unknown") return null;
  const { effective } = await rulesFor(talk, "status");
  const needs = new Map(guardedVerbs.map((verb) => [verb, roleFor(effective.settings, verb)]));
  const { id, login } = talk.event.sender;
  const isAllowed = (verb: Verb): boolean => {
    const least = isGuarded(verb) ? needs.get(verb) : undefined;
    return least === undefined || authorize(id, permission, least).allowed;
  };
  return { login, role: permission.role, needs, may: new Set(allVerbs.filter(isAllowed)) };
}

const isGuarded = (verb: Verb): verb is GuardedVerb => verbs[verb].needs !== "anyone";
const guardedVerbs: readonly GuardedVerb[] = allVerbs.filter(isGuarded);

function roleFor(settings: Settings, verb: GuardedVerb): Role {
  return settings[`permissions.${verb}`];
}

async function rulesFor({ rules, world, event }: Talk, verb: GuardedVerb): Promise<RulesNow> {
  try {
    return await rules.of(event.repository);
  } catch (error) {
    if (!(error instanceof ForgeError) || !isHarmless(verb)) throw error;
    world.log.warn({ ...place(event), verb, err: error }, "The settings could not be read.");
    const effective = effectiveOf({ operator: rules.operator });
    return { effective, broken: [], files: [], switchedOff: null, closed: null };
  }
}

async function permissionOf({ forge, world, event }: Talk): Promise<Permission> {
  try {
    return { kind: "known", ...(await forge.permissionOf(event.sender.login)) };
  } catch (error) {
    world.log.error({ ...place(event), err: error }, "A permission could not be checked.");
    return { kind: "unknown" };
  }
}

function denial(
  { world, event }: Talk,
  verb: GuardedVerb,
  decision: Extract<Decision, { allowed: false }>,
): Answer {
  world.log.info({ ...place(event), verb, why: decision.why }, "Command refused.");
  const { login } = event.sender;
  return forAnyone("confused", replies.denied({ login, verb }, decision));
}
