// May a schedule start now? Everything that can be in its way, what costs nothing first.

import type { House } from "../runs/house.ts";
import type { Schedule } from "../settings/schedule.ts";
import type { Account } from "../world/forge.ts";
import { definitionOf, type Ground, scopeDigest, sha256, workflowOf } from "./ground.ts";
import { ownerOf } from "./owner.ts";
import * as say from "./render/reasons.ts";
import type { Pin, ScheduleState } from "./state.ts";

export interface Candidate {
  schedule: Schedule;
  /** Its place in the file. */
  index: number;
  state: ScheduleState;
}

/** Who asks: its time has come, or a person said so. */
export type Cause = { kind: "time" } | { kind: "person"; by: Account };

export type Verdict =
  | { kind: "go"; pin: Pin; scope: string; requester: Account }
  /** Not this time. */
  | { kind: "skip"; why: string }
  /** Not before a person says something. */
  | { kind: "hold"; why: string };

interface Asked extends Candidate {
  ground: Ground;
  cause: Cause;
  now: number;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Rejects when GitHub does not tell: then it is asked again. */
export async function judge(house: House, asked: Asked): Promise<Verdict> {
  const { ground, state } = asked;
  if (ground.rules.closed !== null) return { kind: "skip", why: say.closed };
  if (state.current !== null) return { kind: "skip", why: say.stillRuns(state.current.run) };
  const pinned = await pinOf(house, asked);
  if ("kind" in pinned) return pinned;
  const scope = await scopeDigest(ground, asked.schedule);
  const why =
    (await openPull(asked)) ?? (asked.cause.kind === "time" ? untimely(asked, scope) : null);
  if (why !== null) return { kind: "skip", why };
  const requester = asked.cause.kind === "person" ? asked.cause.by : pinned.owner;
  return { kind: "go", pin: pinned, scope, requester };
}

/** What it is set up with; as it was, unless its own lines were changed. */
export async function pinOf(
  house: House,
  { ground, schedule, index, state, cause }: Omit<Asked, "now">,
): Promise<Pin | Extract<Verdict, { kind: "hold" }>> {
  const workflow = await workflowOf(house, ground, schedule);
  if (workflow === null) return { kind: "hold", why: say.noWorkflow(schedule) };
  const found =
    cause.kind === "person" && state.pin === null
      ? { ok: true as const, owner: cause.by }
      : await ownerOf(ground, { schedule, index }, state);
  if (!found.ok) return { kind: "hold", why: found.why };
  const script = { sha256: sha256(workflow.source), origin: workflow.origin };
  const definition = definitionOf(schedule);
  const { pin } = state;
  if (pin !== null && pin.definition === definition && isOther(pin.script, script)) {
    const change = { before: pin.script.sha256, now: script.sha256 };
    return { kind: "hold", why: say.otherScript(schedule, change) };
  }
  return { definition, owner: found.owner, script };
}

/** A new version of the bot brings new built-in workflows: whoever runs the bot vouches for them. */
const isOther = (before: Pin["script"], now: Pin["script"]): boolean =>
  before.sha256 !== now.sha256 && !(before.origin === "built-in" && now.origin === "built-in");

async function openPull({ ground, state }: Asked): Promise<string | null> {
  if (state.lastPull === null) return null;
  const { state: stands } = await ground.forge.pullRequest(state.lastPull);
  return stands === "open" ? say.pullIsOpen(state.lastPull) : null;
}

function untimely(
  { schedule: { when }, state: { last }, now }: Asked,
  scope: string,
): string | null {
  if (when === "always" || last === null) return null;
  const until = last.at + when.cooldownHours * HOUR_MS;
  if (now < until) return say.coolsDown(until);
  const { anywayAfterDays } = when;
  const isDue = anywayAfterDays !== undefined && now >= last.at + anywayAfterDays * DAY_MS;
  return last.scope === scope && !isDue ? say.nothingChanged(last.run) : null;
}
