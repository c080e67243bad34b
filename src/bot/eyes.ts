// Our eyes on a comment say that somebody answers it. Where they were there before, it is another process of ours.

import { limits } from "../config/limits.ts";
import type { World } from "../world.ts";
import type { CommentEvent } from "../world/inbox.ts";

export interface Eyes {
  /** Whoever had this comment before is gone: what it left is ours. */
  take(event: CommentEvent): void;
  /**
   * Told of our reaction: whether it was the first, and since when (ms, monotonic) others may have seen it. Resolves at once when
   * nobody else can be at it; else when whoever is has had time to answer: it may have died, and then there is no answer to be found.
   */
  open(event: CommentEvent, sign: { isFirst: boolean; at: number }): Promise<void>;
  /**
   * Before the words go out: at once, unless this took so long that another process may have taken us for dead and answers now.
   * Then when that one has had its time as well; false: whoever goes on has to look again.
   */
  mayAnswer(event: CommentEvent): Promise<boolean>;
  close(event: CommentEvent): void;
}

export function openEyes({ clock, random, log }: Pick<World, "clock" | "random" | "log">): Eyes {
  /** Until when others leave it to us, by its key. */
  const own = new Map<string, number>();
  const leave = (since: number): number =>
    since + limits.publish.answerMs - limits.publish.listsLagMs;
  // Two that wait for one that died do not look at the same moment.
  const waitForOthers = (): Promise<void> => clock.sleep(limits.publish.answerMs * (1 + random()));
  return {
    take: (event) => void own.set(keyOf(event), leave(clock.monotonic())),
    open: async (event, { isFirst, at }) => {
      const key = keyOf(event);
      if (isFirst || own.has(key)) return void own.set(key, leave(at));
      const { delivery } = event;
      log.info({ delivery, comment: event.comment.id }, "Somebody answers this comment already.");
      await waitForOthers();
      own.set(key, leave(clock.monotonic()));
    },
    mayAnswer: async (event) => {
      if (clock.monotonic() < (own.get(keyOf(event)) ?? 0)) return true;
      const { delivery } = event;
      log.info({ delivery, comment: event.comment.id }, "Somebody may have answered meanwhile.");
      await waitForOthers();
      return false;
    },
    close: (event) => void own.delete(keyOf(event)),
  };
}

const keyOf = ({ repository, key }: CommentEvent): string => `${repository.repositoryId} ${key}`;
