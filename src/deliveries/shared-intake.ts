// Takes comments in where several processes are: kept for all of them before they are acknowledged, answered by one.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";
import type { Post } from "../world/fleet.ts";
import { inTime, TooLate } from "../world/in-time.ts";
import type { LetterEvent } from "../world/inbox.ts";
import type { Log } from "../world/log.ts";
import type { InFlight } from "./in-flight.ts";
import type { Intake } from "./intake.ts";

/**
 * Puts what comes into the post; whoever answers it is another matter. What the post's database has not kept in time is
 * refused, and it may keep it later all the same: one saying is one letter, however often it is delivered.
 */
export function createSharedIntake(post: Pick<Post, "keep">, clock: Clock): Intake {
  let keeping = 0;
  const keep = async (event: LetterEvent): Promise<void> => {
    keeping += 1;
    await post.keep({ at: clock.now(), event }).finally(() => (keeping -= 1));
  };
  return {
    take: async (event) => {
      if (keeping >= limits.web.deliveriesAtOnce) throw new TooLate(AWAY);
      await inTime(clock, { ms: limits.web.keepMs, why: AWAY }, keep(event));
    },
    // Nothing is left on this machine's disk.
    resume: async () => {},
    // The post itself hands out again what could not be answered.
    retry: async () => {},
  };
}

const AWAY =
  "The database at QUEUE_URL does not answer; what is delivered is refused until it does.";

export interface Answering {
  post: Pick<Post, "start">;
  inFlight: InFlight;
  answer: (event: LetterEvent, how: { isLeft: boolean }) => Promise<"settled" | "unanswered">;
  clock: Clock;
  log: Log;
}

/** Answers letters of the post from now on, as many at once as the post hands out. */
export function answerPost({ post, inFlight, answer, clock, log }: Answering): void {
  post.start(({ at, event }) => {
    const { delivery, repository } = event;
    if (clock.now() - at > limits.web.deliveriesKeptMs) {
      log.warn({ delivery, letter: event.key }, "A comment waited too long; dropped.");
      return Promise.resolve("settled");
    }
    const heard = Promise.withResolvers<"settled" | "unanswered">();
    inFlight.add(`${repository.repositoryId}`, () =>
      // Nobody else has it: the post gave it to this process.
      answer(event, { isLeft: true }).then(heard.resolve, heard.reject),
    );
    return heard.promise;
  });
}
