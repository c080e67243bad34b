// Counts what may happen only so often in an hour.

import { z } from "zod";

import { type Board, BoardAway } from "../world/board.ts";
import { AWAY_PART } from "./pace.ts";

export interface Tally {
  /** Counts `what` for `key`, once however often it comes again, and says whether it is within the limit. */
  admits(key: string, what: string): Promise<boolean>;
}

const hourMs = 60 * 60 * 1000;

/** What was admitted; starts anew an hour after its first. What is refused is not kept, so it never grows beyond the limit. */
const Window = z.object({ since: z.number(), admitted: z.array(z.string()) });
type Window = z.infer<typeof Window>;

interface Counted {
  window: Window;
  isWithin: boolean;
}

/** `now` in milliseconds. */
function counted(known: Window | null, what: string, { perHour, now }: Counting): Counted {
  const window =
    known !== null && now - known.since < hourMs ? known : { since: now, admitted: [] };
  const { since, admitted } = window;
  if (admitted.includes(what)) return { window, isWithin: true };
  if (admitted.length >= perHour) return { window, isWithin: false };
  return { window: { since, admitted: [...admitted, what] }, isWithin: true };
}

interface Counting {
  perHour: number;
  now: number;
}

interface Limit {
  perHour: number;
  now: () => number;
}

/** In the memory of this process. */
export function createTally({ perHour, now }: Limit): Tally {
  const windows = new Map<string, Window>();
  return {
    admits: async (key, what) => {
      const known = windows.get(key) ?? null;
      const { window, isWithin } = counted(known, what, { perHour, now: now() });
      windows.set(key, window);
      return isWithin;
    },
  };
}

/** On the board of all processes; `name` is the tally's there. While the board is away this process admits a fourth by itself. */
export function createSharedTally(board: Board, name: string, { perHour, now }: Limit): Tally {
  const alone = createTally({ perHour: Math.max(1, Math.floor(perHour / AWAY_PART)), now });
  return {
    admits: async (key, what) => {
      try {
        return await board.change(
          `tally/${name}/${key}`,
          (text, at) => {
            const { window, isWithin } = counted(read(text), what, { perHour, now: at });
            return { text: JSON.stringify(window), answer: isWithin };
          },
          { keepMs: hourMs },
        );
      } catch (error) {
        if (!(error instanceof BoardAway)) throw error;
        return await alone.admits(key, what);
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
