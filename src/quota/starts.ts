// Starts that are booked under a pace: in this process, or on the board for all of them.

import type { Board } from "../world/board.ts";
import type { Clock } from "../world/clock.ts";
import { OwnStarts } from "./own-starts.ts";
import type { Pace } from "./pace.ts";
import { SharedStarts } from "./shared-starts.ts";

/** A start that somebody may make. */
export interface Booked {
  /** Milliseconds until then. */
  waitMs: number;
  /** False when it was further away than its asker would wait: nothing was booked. */
  isBooked: boolean;
  /** Somebody was told to start nothing for so long, in milliseconds. */
  heldMs: number;
  /** It will not be made. */
  giveBack(): void;
}

export interface Wish {
  pace: Pace;
  /** Longest wait that is worth booking, in milliseconds. */
  mostMs: number;
  /** Starts that a busy process books together, so that it does not ask for each. */
  together?: number;
}

/** Starts by key; what holds for a key holds for whoever shares the board. */
export interface Starts {
  book(key: string, wish: Wish): Promise<Booked>;
  /** One that was made without asking. */
  note(key: string, pace: Pace): void;
  /** Nothing starts for `ms`, whoever asks. */
  hold(key: string, ms: number): void;
  /** How long that is still, as somebody else may have said it meanwhile. */
  heldMs(key: string): Promise<number>;
}

/** Without a board the starts are this process's own. */
export function openStarts({ board, clock }: { board: Board | null; clock: Clock }): Starts {
  const own = new OwnStarts(clock);
  return board === null ? own : new SharedStarts(board, clock, own);
}
