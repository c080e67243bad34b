// Our eyes on a comment say that somebody answers it. Where they were there before, it is another process of ours.

import { limits } from "../config/limits.ts";
import type { World } from "../world.ts";
import type { CommentEvent } from "../world/inbox.ts";

export interface Eyes {
  /** Whoever had this comment before is gone: what it left is ours. */
  take(event: CommentEvent): void;
  /**
   * Told of our reaction, and whether it was the first. Resolves at once when nobody else can be at it; else when whoever is
   * has had time to answer: it may have died, and then there is no answer to be found.
   */
  open(event: CommentEvent, isFirst: boolean): Promise<void>;
  close(event: CommentEvent): void;
}

export function openEyes({ clock, random, log }: Pick<World, "clock" | "random" | "log">): Eyes {
  const own = new Set<string>();
  return {
    take: (event) => void own.add(keyOf(event)),
    open: async (event, isFirst) => {
      const key = keyOf(event);
      if (!isFirst && !own.has(key)) {
        const { delivery } = event;
        log.info({ delivery, comment: event.comment.id }, "Somebody answers this comment already.");
        // Two that wait for one that died do not look at the same moment.
        await clock.sleep(limits.publish.answerMs * (1 + random()));
      }
      own.add(key);
    },
    close: (event) => void own.delete(keyOf(event)),
  };
}

const keyOf = ({ repository, key }: CommentEvent): string => `${repository.repositoryId} ${key}`;
