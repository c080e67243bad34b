// Takes comments in: kept before they are acknowledged, worked on, and forgotten only when they are answered.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";
import { type Inbox, type Letter, type LetterEvent, letterKey } from "../world/inbox.ts";
import type { Log } from "../world/log.ts";
import type { InFlight } from "./in-flight.ts";
import { createWaiting, type Waiting } from "./waiting.ts";

export interface IntakeParts {
  inbox: Inbox;
  inFlight: InFlight;
  /** Answers a comment; never rejects. `unanswered` leaves it in the inbox for the next round. `isLeft`: by an earlier process. */
  answer(event: LetterEvent, how: { isLeft: boolean }): Promise<"settled" | "unanswered">;
  clock: Clock;
  log: Log;
}

export interface Intake {
  /** Resolves when a crash cannot lose the comment any more; its answer comes later. Rejects when it was not kept. */
  take(event: LetterEvent): Promise<void>;
  /** Works on what is kept and not in hand, and whose time has come: left by an earlier process, or by `retry`. Never rejects. */
  resume(): Promise<void>;
  /** The same, where anything is known to be due: what GitHub kept from being answered, or what there was no room for. */
  retry(): Promise<void>;
}

interface Working extends IntakeParts {
  /** What was answered a moment ago, and when: the answer may be in no list of GitHub's yet. */
  answered: Map<string, number>;
  waiting: Waiting;
  /** Whether a letter was left out of a round for want of room. */
  isBehind: boolean;
}

/** Comments in hand, each with the promise that it is kept: a second delivery waits for the same one. */
type InHand = Map<string, Promise<void>>;

export function createIntake(given: IntakeParts): Intake {
  const inHand: InHand = new Map();
  const waiting = createWaiting(given.clock);
  const parts: Working = { ...given, answered: new Map(), waiting, isBehind: false };
  let isFirstRound = true;
  const round = async (): Promise<void> => {
    try {
      const left = await parts.inbox.letters();
      // An earlier process may have answered the very moment it died: the answer has to be in GitHub's lists first.
      if (isFirstRound && left.length > 0) await parts.clock.sleep(limits.publish.listsLagMs);
      isFirstRound = false;
      parts.isBehind = false;
      for (const letter of left) await takeUp(parts, inHand, letter);
    } catch (error) {
      const consequence = "The inbox could not be read; comments in it wait for the next try.";
      parts.log.error({ err: error }, consequence);
    }
  };
  return {
    take(event) {
      const letter = { at: parts.clock.now(), event };
      const key = letterKey(letter);
      const keeping = inHand.get(key) ?? keepAndWork(parts, inHand, letter);
      inHand.set(key, keeping);
      return keeping;
    },
    resume: round,
    retry: async () => {
      if (parts.isBehind || waiting.isAnyDue()) await round();
    },
  };
}

async function keepAndWork(parts: Working, inHand: InHand, letter: Letter): Promise<void> {
  try {
    await parts.inbox.keep(letter);
  } catch (error) {
    inHand.delete(letterKey(letter));
    throw error;
  }
  work(parts, inHand, { letter, isLeft: false });
}

async function takeUp(parts: Working, inHand: InHand, letter: Letter): Promise<void> {
  const { inFlight, clock, log, waiting } = parts;
  const key = letterKey(letter);
  if (inHand.has(key) || !waiting.isDue(key)) return;
  // The rest waits for the next round: deliveries that come now need room as well.
  if (inFlight.size() >= limits.web.deliveriesAtOnce / 2) {
    parts.isBehind = true;
    return;
  }
  const { delivery } = letter.event;
  if (clock.now() - letter.at > limits.web.deliveriesKeptMs) {
    log.warn({ delivery, letter: key }, "A comment waited too long; dropped.");
    return forget(parts, letter);
  }
  log.info({ delivery, letter: key }, "A comment is taken up again.");
  inHand.set(key, Promise.resolve());
  // What this process could not answer before, another one may have taken over since.
  work(parts, inHand, { letter, isLeft: !waiting.has(key) });
}

/** What is said in one thread is answered in its order. */
function work(
  parts: Working,
  inHand: InHand,
  { letter, isLeft }: { letter: Letter; isLeft: boolean },
): void {
  const { repository, thread } = letter.event;
  parts.inFlight.add(`${repository.repositoryId}/${thread}`, async () => {
    try {
      await untilListed(parts, letterKey(letter));
      const heard = await parts.answer(letter.event, { isLeft });
      parts.answered.set(letterKey(letter), parts.clock.monotonic());
      if (heard === "unanswered") parts.waiting.add(letterKey(letter));
      else await forget(parts, letter);
    } catch (error) {
      const consequence = "An answered comment could not be taken out of the inbox.";
      parts.log.error({ err: error, delivery: letter.event.delivery }, consequence);
    } finally {
      inHand.delete(letterKey(letter));
    }
  });
}

async function forget({ inbox, waiting }: Working, letter: Letter): Promise<void> {
  waiting.remove(letterKey(letter));
  await inbox.remove(letter);
}

/** A second delivery of what was answered a moment ago has to find the answer. */
async function untilListed({ answered, clock }: Working, key: string): Promise<void> {
  const { listsLagMs } = limits.publish;
  const leftMs = (at: number): number => at + listsLagMs - clock.monotonic();
  for (const [other, at] of answered) if (leftMs(at) <= 0) answered.delete(other);
  const at = answered.get(key);
  if (at !== undefined) await clock.sleep(leftMs(at));
}
