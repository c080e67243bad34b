// Counts what may happen only so often in an hour.

import { z } from "zod";

import { type Board, BoardAway } from "../world/board.ts";
import { AWAY_PART } from "./pace.ts";

export interface Tally {
  /** Counts one for `key` and says whether it is still within the limit. */
  admits(key: string): Promise<boolean>;
}

const hourMs = 60 * 60 * 1000;

/** A count that starts anew an hour after its first. */
const Window = z.object({ since: z.number(), count: z.int() });
type Window = z.infer<typeof Window>;

/** `now` in milliseconds. */
const counted = (known: Window | null, now: number): Window =>
  known !== null && now - known.since < hourMs
    ? { since: known.since, count: known.count + 1 }
    : { since: now, count: 1 };

interface Limit {
  perHour: number;
  now: () => number;
}

/** In the memory of this process. */
export function createTally({ perHour, now }: Limit): Tally {
  const windows = new Map<string, Window>();
  return {
    admits: async (key) => {
      const next = counted(windows.get(key) ?? null, now());
      windows.set(key, next);
      return next.count <= perHour;
    },
  };
}

/** On the board of all processes; `name` is the tally's there. While the board is away this process admits a fourth by itself. */
export function createSharedTally(board: Board, name: string, { perHour, now }: Limit): Tally {
  const alone = createTally({ perHour: Math.max(1, Math.floor(perHour / AWAY_PART)), now });
  return {
    admits: async (key) => {
      try {
        const { count } = await board.change(
          `tally/${name}/${key}`,
          (text, at) => {
            const answer = counted(read(text), at);
            return { text: JSON.stringify(answer), answer };
          },
          { keepMs: hourMs },
        );
        return count <= perHour;
      } catch (error) {
        if (!(error instanceof BoardAway)) throw error;
        return await alone.admits(key);
      }
    },
  };
}

/** Unreadable is nothing: it was written by nobody of us. */
function read(text: string | null): Window | null {
  try {
    return Window.parse(JSON.parse(text ?? "null"));
  } catch {
    return null;
  }
}
