// Starts a schedule's run: claimed in the book first, so that of several processes one starts it.

import { RunRefused } from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import { scheduledRunOf } from "../runs/names.ts";
import { code } from "../runs/render/text.ts";
import type { Schedule } from "../settings/schedule.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Ground } from "./ground.ts";
import { type Candidate, type Cause, judge } from "./guards.ts";
import { ensureIssue } from "./issue.ts";
import { changeSchedule, isStuckIn, type Kit } from "./kit.ts";
import { isLasting } from "./lasting.ts";
import * as say from "./render/reasons.ts";
import { type Current, type ScheduleState, withEvent } from "./state.ts";
import { taskOf } from "./task.ts";

export type Started =
  | { kind: "started"; run: string; issue: number }
  | { kind: "not-now"; why: string }
  /** Another process was faster. */
  | { kind: "taken" };

interface Asked {
  ground: Ground;
  candidate: Candidate;
  cause: Cause;
  /** The moment that this is the start of; for a person's word, now. */
  tick: number;
}

/** Starts it, or writes down why not. */
export async function startNow(kit: Kit, asked: Asked): Promise<Started> {
  const { ground, candidate, cause, tick } = asked;
  const now = kit.house.world.clock.now();
  const { name } = candidate.schedule;
  const run = scheduledRunOf(ground.ref.repositoryId, { schedule: name, tick });
  // A clock that went back brings the same moment twice.
  if (candidate.state.told.includes(run)) {
    return await leave(kit, asked, { kind: "skip", why: say.alreadyRan(run) });
  }
  const isStuck = await isStuckIn(kit, ground.ref, candidate.state);
  const verdict = await judge(kit.house, { ground, ...candidate, cause, tick, isStuck });
  if (verdict.kind !== "go") return await leave(kit, asked, verdict);
  const current: Current = {
    run,
    tick,
    requester: verdict.requester,
    script: verdict.pin.script.sha256,
    scope: verdict.scope,
    claimedAt: now,
  };
  const detail =
    cause.kind === "time"
      ? `Started on the word of ${code(verdict.pin.owner.login)}.`
      : `Started by ${code(cause.by.login)}.`;
  const isMine = await changeSchedule(kit, { ref: ground.ref, name }, (state) => {
    if (state.current !== null) return null;
    if (cause.kind === "time" && (state.seenUntil >= tick || state.paused !== null)) return null;
    const kept = verdict.isKept ? { pin: verdict.pin, asks: null } : {};
    const showsFindings = candidate.schedule.report !== "code-scanning";
    const said = withWord(state.said, cause, run);
    const next = { ...state, current, said, showsFindings, ...kept };
    const seenUntil = Math.max(state.seenUntil, tick);
    return withEvent(
      { ...next, seenUntil },
      { at: now, what: "started", detail, run: current.run },
    );
  });
  return isMine
    ? await begin(kit, ground, { schedule: candidate.schedule, current })
    : { kind: "taken" };
}

async function leave(
  kit: Kit,
  { ground, candidate, cause, tick }: Asked,
  { kind, why }: { kind: "skip" | "hold"; why: string },
): Promise<Started> {
  const at = kit.house.world.clock.now();
  if (cause.kind === "time") {
    const { name } = candidate.schedule;
    await changeSchedule(kit, { ref: ground.ref, name }, (state) => {
      if (state.seenUntil >= tick) return null;
      const what = kind === "hold" ? "held" : "skipped";
      const asks =
        kind === "hold" ? { why, at: state.asks?.why === why ? state.asks.at : at } : state.asks;
      return withEvent({ ...state, seenUntil: tick, asks }, { at: tick, what, detail: why });
    });
  }
  return { kind: "not-now", why };
}

/** Words that are kept: one is heard again within minutes, or when a process that died is there again. */
const SAID_KEPT = 20;

function withWord(said: ScheduleState["said"], cause: Cause, run: string): ScheduleState["said"] {
  if (cause.kind === "time" || cause.word === null) return said;
  const { word } = cause;
  return [...said.filter((each) => each.word !== word), { word, run }].slice(-SAID_KEPT);
}

/** What was claimed and did not begin. It is claimed anew first, so that nobody else begins it meanwhile. */
export async function beginAnew(
  kit: Kit,
  { ref, forge }: Pick<Ground, "ref" | "forge">,
  { schedule, current }: { schedule: Schedule; current: Current },
): Promise<Started> {
  const claimedAt = Math.max(kit.house.world.clock.now(), current.claimedAt + 1);
  const isMine = await changeSchedule(kit, { ref, name: schedule.name }, (now) =>
    now.current?.run === current.run && now.current.claimedAt === current.claimedAt
      ? { ...now, current: { ...current, claimedAt } }
      : null,
  );
  return isMine ? await begin(kit, { ref, forge }, { schedule, current }) : { kind: "taken" };
}

/** Asked for twice it is one run. What cannot begin is written down, and the claim given back. */
async function begin(
  kit: Kit,
  { ref, forge }: Pick<Ground, "ref" | "forge">,
  { schedule, current }: { schedule: Schedule; current: Current },
): Promise<Started> {
  const { name } = schedule;
  const { tick, script, run } = current;
  const task = taskOf(schedule);
  try {
    const issue = await ensureIssue(kit, { ref, forge }, name);
    await kit.desk.start({
      repository: ref,
      thread: issue,
      isPullRequest: false,
      key: `schedule-${run}`,
      said: null,
      place: null,
      occasion: { schedule: name, tick, script },
      requester: current.requester,
      line: null,
      words: task.split(/\s+/u),
      task: task.slice(0, limits.command.taskChars),
      flags: { budgetUsd: schedule.budget ?? null, maxAgents: null, base: null, hours: null },
      notes: [`Started by the schedule ${code(name)} (${code(schedule.cron)}).`],
      waitsForApproval: false,
    });
    return { kind: "started", run, issue };
  } catch (error) {
    const why = lastingReason(error);
    if (why === null) throw error;
    if (error instanceof ForgeError) kit.house.world.log.warn({ schedule: name, err: error }, why);
    await changeSchedule(kit, { ref, name }, (state) =>
      state.current?.run !== run
        ? null
        : withEvent(
            { ...state, current: null },
            { at: kit.house.world.clock.now(), what: "skipped", detail: why },
          ),
    );
    return { kind: "not-now", why };
  }
}

/** Why it cannot begin, for what asking again does not mend; null for anything else. */
function lastingReason(error: unknown): string | null {
  if (error instanceof RunRefused) return error.message;
  return isLasting(error) ? say.noIssue(error.message) : null;
}
