// Looks for deliveries that did not arrive and asks GitHub for them again: GitHub never does it by itself.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";
import type { Attempt, Deliveries } from "../world/deliveries.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Log } from "../world/log.ts";
import type { Heard } from "./heard.ts";
import { type Kind, missed } from "./missed.ts";

export interface SweepParts {
  deliveries: Deliveries;
  /** What we act on; nothing else is asked for. */
  kinds: readonly Kind[];
  clock: Clock;
  log: Log;
  /** What this machine heard, or what all of them did. */
  heard: Pick<Heard, "isLasting" | "open" | "isElsewhere" | "keep">;
}

interface State extends SweepParts {
  /** From when on deliveries are asked for that did arrive; null: none, or nobody knows yet. */
  lostSince: number | null;
  hasLooked: boolean;
  /** Attempts before this moment were looked at. */
  since: number;
  /** How often each delivery was asked for, by its GUID. */
  asked: Map<string, number>;
  /** Those that were asked for although somebody had taken them, by GUID: which attempt that was. */
  askedTaken: Map<string, number>;
}

/** Attempts may show in the log later than they were made, and what another machine took is given as long to be answered. */
const overlapMs = 2 * limits.web.sweepMs;

/** One look each time it is called. Never rejects: a look that failed is a warning, and the next one sees the same. */
export function createSweep(parts: SweepParts): () => Promise<void> {
  const since = parts.clock.now() - limits.web.deliveriesKeptMs;
  const state: State = {
    ...parts,
    since,
    lostSince: null,
    hasLooked: false,
    asked: new Map(),
    askedTaken: new Map(),
  };
  return async () => {
    try {
      await look(state);
    } catch (error) {
      const consequence =
        "GitHub could not be asked for deliveries that did not arrive. It is asked again with the next look.";
      parts.log.warn({ err: error, minutes: limits.web.sweepMs / 60_000 }, consequence);
    }
  };
}

async function look(state: State): Promise<void> {
  const started = state.clock.now();
  await seeWhetherNew(state);
  const attempts = await attemptsSince(state);
  forgetWhatFailed(state, attempts);
  const { kinds, lostSince, heard } = state;
  // Once: asked for again, it may be heard by the other machine again.
  const isLost = (attempt: Attempt): boolean =>
    !state.askedTaken.has(attempt.guid) &&
    ((lostSince !== null && attempt.at >= lostSince) || heard.isElsewhere(attempt));
  const wanted = missed(attempts, { kinds, isLost }).filter(({ guid }) => mayAsk(state, guid));
  const now = wanted.slice(0, limits.web.redeliveriesPerSweep);
  for (const attempt of now) await ask(state, attempt);
  if (now.length > 0) {
    const fields = { asked: now.map(({ guid }) => guid), left: wanted.length - now.length };
    state.log.info(fields, "Asked GitHub to deliver again what did not arrive.");
  }
  // What is left over must be seen by the next look.
  if (now.length < wanted.length) return;
  state.since = started - overlapMs;
  await noteLook(state);
}

/**
 * A data folder that is new, or a queue, may stand in for one that was lost with what GitHub had delivered to it. Asking once for
 * the last hour again costs little: what is answered is known by its answer.
 */
async function seeWhetherNew(state: State): Promise<void> {
  const { heard, hasLooked, lostSince } = state;
  if ((hasLooked && heard.isLasting) || lostSince !== null) return;
  if (await heard.open()) return;
  state.lostSince = state.clock.now() - limits.web.lostWithFolderMs;
  state.since = Math.min(state.since, state.lostSince);
  // Whatever came of that may be lost again.
  state.askedTaken.clear();
}

async function noteLook(state: State): Promise<void> {
  await state.heard.keep();
  state.hasLooked = true;
  state.lostSince = null;
}

/** A delivery that GitHub refuses to send does not keep the others from being asked for. */
async function ask(state: State, attempt: Attempt): Promise<void> {
  const { guid } = attempt;
  try {
    await state.deliveries.redeliver(attempt);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.kind !== "refused") throw error;
    const consequence = "GitHub does not send a delivery again that did not arrive.";
    state.log.warn({ guid, err: error }, consequence);
  }
  state.asked.set(guid, timesAsked(state, guid) + 1);
  if (attempt.isDelivered) state.askedTaken.set(guid, attempt.id);
}

/** What we asked for and nobody got was not asked for: somebody else may have had it sent once more, and lose it as well. */
function forgetWhatFailed({ askedTaken }: State, attempts: readonly Attempt[]): void {
  for (const { id, guid, isDelivered } of attempts)
    if (!isDelivered && id > (askedTaken.get(guid) ?? Infinity)) askedTaken.delete(guid);
}

async function attemptsSince(state: State): Promise<Attempt[]> {
  const { deliveries, since, log } = state;
  const found: Attempt[] = [];
  for await (const attempt of deliveries.attempts()) {
    if (attempt.at < since) return found;
    found.push(attempt);
    if (found.length < limits.web.attemptsPerSweep) continue;
    const fields = { read: found.length, from: new Date(attempt.at).toISOString() };
    log.warn(
      fields,
      "GitHub's log of deliveries is longer than what is read; older ones are left.",
    );
    return found;
  }
  return found;
}

const timesAsked = ({ asked }: State, guid: string): number => asked.get(guid) ?? 0;
const mayAsk = (state: State, guid: string): boolean =>
  timesAsked(state, guid) < limits.web.redeliveriesOfOne;
