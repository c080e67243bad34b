// The queue of one process: nothing to install, nothing to lose, since git holds the truth.

import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";
import type { DriveRun, Queue, QueueLimits, Wake, WakeOptions } from "../../world/queue.ts";
import { hasPlaceFor, isGuestBeside, roomBeside } from "../../world/room.ts";
import { byTurn, roundsAfter, roundsOf, type Rounds, type Turn, turnFor } from "./turn.ts";

export interface EmbeddedQueueOptions {
  limits: QueueLimits;
  clock: Clock;
  log: Log;
}

interface Sleeper {
  wake: Wake;
  /** By the monotonic clock. */
  until: number;
  early: AbortController;
}

interface Driven {
  abort: AbortController;
  ended: Promise<void>;
}

interface State extends EmbeddedQueueOptions {
  /** In order of arrival. */
  waiting: Map<string, Turn>;
  sleeping: Map<string, Sleeper>;
  driven: Map<string, Turn & Driven>;
  drive: DriveRun | null;
  rounds: Rounds;
  isPaused: boolean;
  closing: AbortController;
}

/** Opens the queue; runs added before `start` wait for it. */
export function createEmbeddedQueue(options: EmbeddedQueueOptions): Queue {
  const state: State = {
    ...options,
    waiting: new Map(),
    sleeping: new Map(),
    driven: new Map(),
    drive: null,
    rounds: {},
    isPaused: false,
    closing: new AbortController(),
  };
  return {
    start(drive) {
      if (state.drive !== null) throw new Error("The queue was started twice.");
      state.drive = drive;
      handOut(state);
    },
    add: async (wake, wish = {}) => add(state, wake, wish),
    limits: options.limits,
    entries: async () => [
      ...[...state.driven.values()].map(({ wake }) => ({ ...wake, state: "driven" as const })),
      ...byTurn([...state.waiting.values()]).map(({ wake }) => ({
        ...wake,
        state: "waiting" as const,
      })),
      ...[...state.sleeping.values()].map(({ wake }) => ({ ...wake, state: "sleeping" as const })),
    ],
    depth: async () => ({
      waiting: state.waiting.size,
      sleeping: state.sleeping.size,
      driven: state.driven.size,
    }),
    drop: async (run) => {
      state.waiting.delete(run);
      wakeUp(state, run);
    },
    pause: () => void (state.isPaused = true),
    resume: () => {
      state.isPaused = false;
      handOut(state);
    },
    close: (deadlineMs) => close(state, deadlineMs),
  };
}

function add(state: State, wake: Wake, { delayMs = 0, urgency = "asked" }: WakeOptions): void {
  const { run } = wake;
  const { waiting, driven, closing } = state;
  if (closing.signal.aborted || driven.has(run) || waiting.has(run)) return;
  if (delayMs > 0) return sleep(state, wake, { delayMs, urgency });
  wakeUp(state, run);
  const queued = [...waiting.values(), ...driven.values()];
  state.rounds = roundsOf(state.rounds, queued);
  const turn = turnFor(wake, urgency, { queued, rounds: state.rounds });
  waiting.set(run, { wake, turn, isDriven: false });
  handOut(state);
}

function sleep(
  state: State,
  wake: Wake,
  { delayMs, urgency }: Required<Pick<WakeOptions, "delayMs" | "urgency">>,
): void {
  const { clock, closing, sleeping } = state;
  const until = clock.monotonic() + delayMs;
  const known = sleeping.get(wake.run);
  if (known !== undefined && known.until <= until) return;
  wakeUp(state, wake.run);
  const early = new AbortController();
  sleeping.set(wake.run, { wake, until, early });
  clock.sleep(delayMs, AbortSignal.any([early.signal, closing.signal])).then(
    () => {
      sleeping.delete(wake.run);
      add(state, wake, { urgency });
    },
    () => undefined,
  );
}

function wakeUp({ sleeping }: State, run: string): void {
  sleeping.get(run)?.early.abort(new Error("Woken before its time."));
  sleeping.delete(run);
}

function handOut(state: State): void {
  const { drive, isPaused, closing, waiting, driven, limits } = state;
  if (drive === null || isPaused || closing.signal.aborted) return;
  while (driven.size < limits.atOnce + limits.guests) {
    const next = nextOf(state);
    if (next === null) return;
    const { run } = next.wake;
    waiting.delete(run);
    state.rounds = roundsAfter(state.rounds, next);
    const abort = new AbortController();
    const ended = driveOne(state, { wake: next.wake, drive, abort });
    driven.set(run, { ...next, isDriven: true, abort, ended });
  }
}

/** Of equal turns the one that came first. */
function nextOf({ waiting, driven, limits }: State): Turn | null {
  const busy = [...driven.values()].map(({ wake }) => wake);
  const hasRoom = roomBeside(busy, limits);
  const taken = busy.map(({ repository }) => repository.installationId);
  const hasPlace = (wake: Wake): boolean => {
    const { installationId } = wake.repository;
    return hasPlaceFor({ installationId, isGuest: isGuestBeside(busy, wake) }, taken, limits);
  };
  let next: Turn | null = null;
  for (const each of waiting.values()) {
    if (next !== null && next.turn <= each.turn) continue;
    if (hasRoom(each.wake) && hasPlace(each.wake)) next = each;
  }
  return next;
}

async function driveOne(
  state: State,
  { wake, drive, abort }: { wake: Wake; drive: DriveRun; abort: AbortController },
): Promise<void> {
  const { clock, log, driven } = state;
  const { run } = wake;
  // Out of the caller's way: `add` returns before the run moves.
  await Promise.resolve();
  let againMs: number | null = null;
  try {
    const { signal } = abort;
    const hold = { signal, isExclusive: false, mayAct: async () => {}, since: clock.monotonic() };
    againMs = await drive(wake, hold);
  } catch (error) {
    const stopped = abort.signal.aborted;
    if (!stopped) log.error({ run, err: error }, "A run's driver failed; its checkpoint stands.");
  } finally {
    driven.delete(run);
    if (againMs !== null) add(state, wake, { delayMs: againMs });
    handOut(state);
  }
}

async function close(state: State, deadlineMs: number): Promise<void> {
  state.closing.abort(new Error("The queue was closed."));
  state.waiting.clear();
  state.sleeping.clear();
  const ends = [...state.driven.values()].map(({ ended }) => ended);
  for (const { abort } of state.driven.values()) {
    abort.abort(new Error("The bot is stopping; the run goes on after the next start."));
  }
  const enough = new AbortController();
  const stopped = Promise.all(ends).then(() => enough.abort());
  const deadline = state.clock.sleep(deadlineMs, enough.signal).catch(() => {});
  await Promise.race([stopped, deadline]);
  if (state.driven.size === 0) return;
  const runs = [...state.driven.keys()];
  state.log.warn({ runs }, "Runs did not stop in time; they go on from their checkpoints.");
}
