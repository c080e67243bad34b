// When a repository may be pushed to again: GitHub recommends at most 6 pushes a minute, all runs together.

import { nextStart, type Pace, remembered } from "../quota/pace.ts";
import type { Starts } from "../quota/starts.ts";
import type { Clock } from "../world/clock.ts";

/** One below GitHub's recommendation, so that a person's push fits in. */
const pushPace: Pace = { gapMs: 10_000, windows: [{ count: 5, perMs: 60_000 }] };

/** One for each repository, shared by its runs. */
export interface Pacer {
  /** Resolves when a push may go out, and counts it. Callers are let through one after the other. */
  turn(signal: AbortSignal): Promise<void>;
  /** Counts a push that must not wait: a run that is taken or let go of. */
  jump(): void;
}

/** The pace of a repository that this process alone pushes to. */
export function openPacer(clock: Clock): Pacer {
  let recent: number[] = [];
  const count = (): void => {
    recent = [...recent, clock.now()].slice(-remembered(pushPace));
  };
  const wait = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      // Looked at anew: somebody may have jumped the queue meanwhile.
      const waitMs = nextTurnAt(recent, clock.now()) - clock.now();
      if (waitMs <= 0) return count();
      await clock.sleep(waitMs, signal);
    }
  };
  return { jump: count, turn: oneByOne(wait) };
}

/** The pace of a repository that all processes push to: each of them books one turn at a time. */
export function openSharedPacer(
  clock: Clock,
  { starts, repositoryId }: { starts: Starts; repositoryId: number },
): Pacer {
  const key = `push/${repositoryId}`;
  const wait = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const booked = await starts.book(key, { pace: pushPace, mostMs: Infinity });
    try {
      await clock.sleep(booked.waitMs, signal);
    } catch (error) {
      booked.giveBack();
      throw error;
    }
  };
  return { jump: () => starts.note(key, pushPace), turn: oneByOne(wait) };
}

type Wait = (signal: AbortSignal) => Promise<void>;

function oneByOne(wait: Wait): Wait {
  let last = Promise.resolve();
  return (signal) => {
    const mine = last.then(() => wait(signal));
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** The first moment at which a push keeps both rules, given the times of earlier ones. */
export const nextTurnAt = (recent: readonly number[], now: number): number =>
  nextStart(recent, pushPace, now);
