// What keeps agents of a run from beginning although it has not ended: a pause, a cap that is reached, a wish to land.

import { limits } from "../config/limits.ts";
import { Stopped, Suspended } from "../engine/errors.ts";
import { sumUsage } from "../steps/outcome.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { CapSpent } from "./purse.ts";
import { agentsIn } from "./view.ts";

/** No agent begins until somebody lets the run go on; those at work end first. */
export class Paused extends Stopped {
  override readonly name = "Paused";
}

/** No agent begins any more: the run finishes with what there is. */
export class Landing extends Stopped {
  override readonly name = "Landing";
}

/** The model provider serves nobody of this account: the run rests until it is asked again, and no agent is lost by it. */
export class AccountHeld extends Stopped {
  override readonly name = "AccountHeld";
  /** When the provider is asked again, in milliseconds since 1970. */
  readonly until: number;

  constructor(message: string, until: number) {
    super(message);
    this.until = until;
  }
}

/** Throws `Landing` or `Paused` while no agent may begin. */
export function refuseWhenHeld(run: LiveRun): void {
  const { land, pause } = run.record();
  if (land !== null) throw landing(run);
  if (pause !== null) throw new Paused("The run is paused.");
}

/** What all agents of a run have cost so far, as far as prices are known. */
export const spentUsd = (run: LiveRun): number =>
  agentsIn(run.view).reduce((sum, { usage }) => sum + (usage.costUsd ?? 0), 0);

/** Whether the cap leaves room for a further agent. */
export function hasRoom(run: LiveRun): boolean {
  const { budgetUsd } = run.record().limits;
  return budgetUsd === null || spentUsd(run) < budgetUsd;
}

/**
 * What follows when nothing of a script moves any more: it is driven again when what held it up is gone, it rests, or it ends
 * where it is. At the cap it rests: people may raise it.
 */
export async function afterStop(
  { world: { clock } }: House,
  run: LiveRun,
  stopped: Stopped | Suspended | null,
): Promise<Stopped | Suspended | "again" | null> {
  if (stopped === null) return null;
  const { land, pause } = run.record();
  if (land !== null) return landing(run);
  if (stopped instanceof Paused) return pause === null ? "again" : stopped;
  if (stopped instanceof AccountHeld) return restUntil(run, stopped, clock.now());
  if (!(stopped instanceof CapSpent)) return stopped;
  const { renewsAt, capUsd, message: why } = stopped;
  if (renewsAt === null && run.record().limits.budgetUsd !== capUsd) return "again";
  const at = clock.now();
  const until = renewsAt ?? at + limits.run.capMs;
  const next = renewsAt === null ? "land" : "go-on";
  await run.update({ pause: { by: null, at, why, until, next } });
  return new Paused(why);
}

/** A pause by nobody, from which the run goes on by itself. */
export async function restUntil(
  run: LiveRun,
  { message, until }: AccountHeld,
  at: number,
): Promise<Paused> {
  await run.update({ pause: { by: null, at, why: message, until, next: "go-on" } });
  return new Paused(message);
}

/**
 * Whether a run that is taken up may go on. One that stood at its cap for too long finishes with what there is; a cap of
 * the day has room again.
 */
export async function passPause(
  { world: { clock } }: House,
  run: LiveRun,
): Promise<"paused" | "open"> {
  const { pause } = run.record();
  if (pause === null) return "open";
  const now = clock.now();
  if (pause.until === null || now < pause.until) return "paused";
  await run.update({
    pause: null,
    ...(pause.next === "land" ? { land: { by: null, at: now } } : {}),
  });
  return "open";
}

function landing(run: LiveRun): Landing {
  const { land, limits: caps } = run.record();
  if (land?.by != null) {
    return new Landing(`${land.by.login} asked to finish with what there is.`);
  }
  const spent = sumUsage(agentsIn(run.view)).costUsd;
  const money = spent === null ? "" : ` ($${spent.toFixed(2)} spent)`;
  return new Landing(
    `The run's cap of $${(caps.budgetUsd ?? 0).toFixed(2)} is reached${money}, and nobody raised it in time.`,
  );
}
