// What a letter asks for: words are answered, boxes are done, new repositories are noted.

import type { RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { CommentEvent, IssueEvent, LetterEvent } from "../world/inbox.ts";
import type { Log } from "../world/log.ts";

/** `unanswered`: the same letter is handed out again later. */
type Heard = "settled" | "unanswered";

export interface Hearers {
  bot: { onComment(event: CommentEvent, how: { isLeft: boolean }): Promise<Heard> };
  /** Does what was ticked; what was done already it does not do twice. */
  schedules: { edited(event: Omit<IssueEvent, "thread"> & { issue: number }): Promise<void> };
  /** Keeps them where whoever looks at new repositories finds them. */
  onboarding: { added(refs: readonly RepositoryRef[]): Promise<void> };
  log: Log;
  /** Whether the same may succeed later, as when git or the disk did not answer. */
  passes: (err: unknown) => boolean;
}

/** Never rejects. */
export const answerLetters =
  ({ bot, schedules, onboarding, log, passes }: Hearers) =>
  async (event: LetterEvent, how: { isLeft: boolean }): Promise<Heard> => {
    const { delivery } = event;
    if (event.source === "issue") {
      const work = () => schedules.edited({ ...event, issue: event.thread });
      return await tried(work, (err) => {
        // Rights are given back: a suspension ends, a thread is unlocked.
        const isLater = passes(err) || isForbidden(err);
        const then = isLater ? "It is tried again." : "It is put back at the next look.";
        log.error({ delivery, err }, `A box that was ticked could not be acted on. ${then}`);
        return isLater ? "unanswered" : "settled";
      });
    }
    if (event.source === "arrival") {
      return await tried(
        () => onboarding.added(event.repositories),
        (err) => {
          log.error({ delivery, err }, "New repositories could not be noted. It is tried again.");
          return "unanswered";
        },
      );
    }
    return await bot.onComment(event, how);
  };

const isForbidden = (err: unknown): boolean =>
  err instanceof ForgeError && err.kind === "forbidden";

async function tried(work: () => Promise<void>, onError: (err: unknown) => Heard): Promise<Heard> {
  try {
    await work();
    return "settled";
  } catch (err) {
    return onError(err);
  }
}
