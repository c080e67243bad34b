// Our eyes on a comment say that somebody answers it: of several processes, whoever put the ones that stand there.

import { limits } from "../config/limits.ts";
import type { World } from "../world.ts";
import type { Reacted } from "../world/forge.ts";
import type { CommentEvent } from "../world/inbox.ts";

/** What is done on GitHub. */
export interface Hands {
  /** Puts our eyes there; null where that cannot be done, or not be known. */
  put: () => Promise<Reacted | null>;
  /** Takes these eyes away; false: somebody else did. Null where that cannot be known. */
  takeAway: (id: number) => Promise<boolean | null>;
}

export interface Eyes {
  /** Whoever had this comment before is gone: what it left is ours. */
  take(event: CommentEvent): void;
  /**
   * Puts our eyes there. Resolves at once when nobody else can be at it; else when whoever is has had time to answer and we are
   * the one who took its place: it may have died, and then there is no answer to be found.
   */
  open(event: CommentEvent, hands: Hands): Promise<void>;
  /**
   * Before the words go out: at once, unless this took so long that another process may have taken us for dead and answers now.
   * Then when it is ours again; false: whoever goes on has to look again.
   */
  mayAnswer(event: CommentEvent, hands: Hands): Promise<boolean>;
  /** Which eyes are ours, for whoever takes them away; null: that is not known. */
  close(event: CommentEvent): number | null;
}

interface Held {
  /** Until when others leave it to us, in monotonic milliseconds. */
  until: number;
  /** The eyes that say so; null: GitHub did not tell. */
  id: number | null;
}

type Watch = Pick<World, "clock" | "random" | "log">;

export function openEyes(watch: Watch): Eyes {
  const { clock, log } = watch;
  /** By the comment's key. */
  const own = new Map<string, Held>();
  /** By the same key: what was left to us, with eyes whose number nobody wrote down. */
  const inherited = new Set<string>();
  const told = ({ delivery, comment }: CommentEvent, words: string): void =>
    log.info({ delivery, comment: comment.id }, words);
  return {
    take: (event) => {
      own.delete(keyOf(event));
      inherited.add(keyOf(event));
    },
    open: async (event, hands) => {
      const key = keyOf(event);
      const at = clock.monotonic();
      const seen = await hands.put();
      const mine = own.get(key);
      const isOurs = inherited.delete(key) || (mine !== undefined && mine.id === seen?.id);
      if (seen === null || seen.isNew)
        return void own.set(key, { until: leave(at), id: seen?.id ?? null });
      if (!isOurs) {
        told(event, "Somebody answers this comment already.");
        await waitForOthers(watch);
      }
      // Ours may be of a while ago as well, and then another process waits for us to be dead.
      own.set(key, await takeOver(watch, hands, seen.id));
    },
    mayAnswer: async (event, hands) => {
      const key = keyOf(event);
      const { until, id } = own.get(key) ?? { until: 0, id: null };
      if (clock.monotonic() < until) return true;
      told(event, "Somebody may have answered meanwhile.");
      if (id === null) await waitForOthers(watch);
      else own.set(key, await takeOver(watch, hands, id));
      return false;
    },
    close: (event) => {
      const key = keyOf(event);
      const { id } = own.get(key) ?? { id: null };
      own.delete(key);
      inherited.delete(key);
      return id;
    },
  };
}

/** Less what lists are behind: whoever comes next must see what was said. */
const leave = (since: number): number =>
  since + limits.publish.answerMs - limits.publish.listsLagMs;

/** Two that wait for one that died do not look at the same moment. */
const waitForOthers = ({ clock, random }: Watch): Promise<void> =>
  clock.sleep(limits.publish.answerMs * (1 + random()));

/**
 * Puts new eyes in the place of these. GitHub lets one process alone take them away: any other one finds new ones, and waits for
 * their time to be over as well. Eyes that somebody took away and did not replace were those of one that is done, or died.
 */
async function takeOver(watch: Watch, hands: Hands, before: number): Promise<Held> {
  const { clock } = watch;
  for (let id = before; ;) {
    const wasTaken = await hands.takeAway(id);
    const at = clock.monotonic();
    const seen = await hands.put();
    if (seen === null) return { until: leave(at), id: null };
    if (wasTaken === null && seen.id === id) return { until: leave(at), id };
    if (seen.isNew) {
      // Somebody had it in between and may have answered just now.
      if (wasTaken !== true) await clock.sleep(limits.publish.listsLagMs);
      return { until: leave(at), id: seen.id };
    }
    id = seen.id;
    await waitForOthers(watch);
  }
}

const keyOf = ({ repository, key }: CommentEvent): string => `${repository.repositoryId} ${key}`;
