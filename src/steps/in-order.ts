// Lets what is asked at the same time go on in an order of its own, whoever comes first.

import { setImmediate as nextTurn } from "node:timers/promises";

import { untilAborted } from "../engine/run/until-aborted.ts";

export interface InOrder {
  /** Resolves when nothing of a lower place is under way; what it resolves to ends this one. Rejects when aborted. */
  turn(place: number, signal: AbortSignal): Promise<() => void>;
}

/** Nobody waits for what has not been asked for: it may never be. */
export function openInOrder(): InOrder {
  const underWay = new Map<number, PromiseWithResolvers<void>>();
  return {
    turn: async (place, signal) => {
      const mine = Promise.withResolvers<void>();
      underWay.set(place, mine);
      const done = (): void => {
        underWay.delete(place);
        mine.resolve();
      };
      try {
        await nextTurn();
        for (let first = firstOf(underWay, place); first !== null; first = firstOf(underWay, place))
          await untilAborted(first, signal);
      } catch (error) {
        done();
        throw error;
      }
      return done;
    },
  };
}

function firstOf(
  underWay: ReadonlyMap<number, PromiseWithResolvers<void>>,
  place: number,
): Promise<void> | null {
  const before = [...underWay].find(([other]) => other < place);
  return before === undefined ? null : before[1].promise;
}
