// A sign that somebody was heard goes before all that answering others takes: of many who speak at once each sees it soon.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";

export interface SignsFirst {
  /**
   * Gives a sign, then waits until all that were begun before are given as well: for `limits.web.signsMs` at most, so that one
   * that GitHub keeps waiting holds up nobody else. What `give` resolves to; rejects as it does.
   */
  give<T>(give: () => Promise<T>): Promise<T>;
}

interface Waiting {
  /** Signs with smaller numbers have to be given. */
  before: number;
  goOn: () => void;
}

export function createSignsFirst(clock: Pick<Clock, "sleep">): SignsFirst {
  /** Being given, in the order in which they were begun. */
  const given = new Set<number>();
  let waiting: Waiting[] = [];
  let next = 0;
  const isOver = (before: number): boolean => {
    const [oldest = Infinity] = given;
    return oldest >= before;
  };
  const release = (): void => {
    const isReady = ({ before }: Waiting): boolean => isOver(before);
    for (const { goOn } of waiting.filter(isReady)) goOn();
    waiting = waiting.filter((each) => !isReady(each));
  };
  const others = async (): Promise<void> => {
    const before = next;
    if (isOver(before)) return;
    const over = new AbortController();
    const free = new Promise<void>((resolve) => waiting.push({ before, goOn: resolve }));
    const late = clock.sleep(limits.web.signsMs, over.signal).catch(() => undefined);
    await Promise.race([free, late]);
    over.abort();
  };
  return {
    give: async <T>(give: () => Promise<T>): Promise<T> => {
      const mine = next++;
      given.add(mine);
      let made: T;
      try {
        made = await give();
      } finally {
        given.delete(mine);
        release();
      }
      await others();
      return made;
    },
  };
}
