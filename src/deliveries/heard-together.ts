// What several processes heard is kept in the database of their queue: a mark in it says that nothing of it was lost since the last look.

import { limits } from "../config/limits.ts";
import type { Board } from "../world/board.ts";
import type { Heard } from "./heard.ts";

const ENTRY = "heard";
const LOOKED = "looked";

/** As for one machine, where all of them keep what any of them hears. `nonce` names this process among all. */
export function openHeardTogether({ board, nonce }: { board: Board; nonce: string }): Heard {
  const looking = `looking ${nonce}`;
  const change = (
    mark: (text: string | null) => { text: string | null; answer: boolean },
  ): Promise<boolean> => board.change(ENTRY, mark, { keepMs: limits.web.deliveriesKeptMs });
  return {
    isLasting: false,
    note: () => undefined,
    // A mark of a look that was not brought to its end says nothing.
    open: () =>
      change((text) =>
        text === LOOKED ? { text: null, answer: true } : { text: looking, answer: false },
      ),
    isElsewhere: () => false,
    // Gone again by now: what came since is lost as well, so the next look asks for it.
    keep: async () => {
      await change((text) => ({
        text: text === LOOKED || text === looking ? LOOKED : null,
        answer: true,
      }));
    },
  };
}
