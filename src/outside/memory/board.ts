// The board of processes that are objects beside each other, or of one.

import type { Board } from "../../world/board.ts";
import type { Clock } from "../../world/clock.ts";

interface Entry {
  text: string;
  until: number;
}

/** Opens an empty board. */
export function createMemoryBoard(clock: Pick<Clock, "now">): Board {
  const entries = new Map<string, Entry>();
  return {
    change: async (key, change, { keepMs }) => {
      const now = clock.now();
      const known = entries.get(key);
      const { text, answer } = change(
        known === undefined || known.until <= now ? null : known.text,
        now,
      );
      if (text !== null) entries.set(key, { text, until: now + keepMs });
      return answer;
    },
  };
}
