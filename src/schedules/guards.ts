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
export type Cause =
  | { kind: "time" }
  /** The word's name is the same each time that it is heard; null where it has none. */
  | { kind: "person"; by: Account; word: string | null };

export type Verdict =
  | { kind: "go"; pin: Pin; isKept: boolean; scope: string; requester: Account }
  /** Not this time. */
  | { kind: "skip"; why: string }
  /** Not before a person says something. */
  | { kind: "hold"; why: string };

interface Asked extends Candidate {
  ground: Ground;
  /** Its run that has not ended does not go on by itself. */
  isStuck: boolean;
  cause: Cause;
  /** The moment that it is about, not the one at which somebody came to look. */
  tick: number;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A day may be an hour shorter where summer time begins. */
const SHORTER_MS = HOUR_MS;

/** Rejects when GitHub does not tell: then it is asked again. */
export async function judge(house: House, asked: Asked): Promise<Verdict> {
  const { ground, state } = asked;
  if (ground.rules.closed !== null) return { kind: "skip", why: say.closed };
  if (state.current !== null) {
    const { run } = state.current;
    return { kind: "skip", why: asked.isStuck ? say.isStuck(run) : say.stillRuns(run) };
  }
  const { pinned, isKept } = await pinFor(house, asked);
  if ("kind" in pinned) return pinned;
  const scope = await scopeDigest(ground, asked.schedule);
  const why =
    (await openPull(asked)) ?? (asked.cause.kind === "time" ? untimely(asked, scope) : null);
  if (why !== null) return { kind: "skip", why };
  const requester = asked.cause.kind === "person" ? asked.cause.by : pinned.owner;
  return { kind: "go", pin: pinned, isKept, scope, requester };
}

type Pinned = Pin | Extract<Verdict, { kind: "hold" }>;

/** Where nobody is known on whose word it starts, a person may start it once, which is no word for later starts. */
async function pinFor(house: House, asked: Asked): Promise<{ pinned: Pinned; isKept: boolean }> {
  const pinned = await pinOf(house, { ...asked, takenBy: null });
  const { cause, state } = asked;
  if (!("kind" in pinned) || cause.kind === "time" || state.pin !== null) {
    return { pinned, isKept: true };
  }
  return { pinned: await pinOf(house, { ...asked, takenBy: cause.by }), isKept: false };
}

/** What it is set up with; as it was, unless its own lines were changed. */
export async function pinOf(
  house: House,
  {
    ground,
    schedule,
    index,
    state,
    takenBy,
  }: Candidate & { ground: Ground; takenBy: Account | null },
): Promise<Pinned> {
  const workflow = await workflowOf(house, ground, schedule);
  if (workflow === null) return { kind: "hold", why: say.noWorkflow(schedule) };
  const found =
    takenBy !== null
      ? { ok: true as const, owner: takenBy }
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
  { schedule: { when }, state: { last }, tick }: Asked,
  scope: string,
): string | null {
  if (when === "always" || last === null) return null;
  const { anywayAfterDays, cooldownHours } = when;
  const until = last.at + cooldownHours * HOUR_MS;
  if (tick < until - (cooldownHours >= 24 ? SHORTER_MS : 0)) return say.coolsDown(until);
  const isDue =
    anywayAfterDays !== undefined && tick >= last.at + anywayAfterDays * DAY_MS - SHORTER_MS;
  return last.scope === scope && !isDue ? say.nothingChanged(last.run) : null;
}
