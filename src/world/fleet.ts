// The port to what several processes of one bot share beside the queue of runs. Where there is one process, there is none.

import type { Board } from "./board.ts";
import type { Letter } from "./inbox.ts";

/** A text for whoever drives a run, by whoever heard it. */
export interface Told {
  /** Names it among all that were told. */
  id: string;
  run: string;
  /** When it was told, in milliseconds since 1970. */
  at: number;
  text: string;
}

/** Letters of every process, each handed to one of them. */
export interface Post {
  /** Survives a crash once it resolves; keeping the same letter again changes nothing. */
  keep(letter: Letter): Promise<void>;
  /** Takes letters from now on: those of one repository one after the other. What is `unanswered` comes again later. */
  start(answer: (letter: Letter) => Promise<"settled" | "unanswered">): void;
  /** Takes no more, and resolves when what is under way is answered or `deadlineMs` passed. */
  close(deadlineMs: number): Promise<void>;
}

export interface Fleet {
  post: Post;
  /** What is shared of limits and money. */
  board: Board;
  /** Kept until somebody forgets it. */
  tell(told: Told): Promise<void>;
  /** Everything that was told and not forgotten, oldest first; of one run where one is named. */
  told(run?: string): Promise<Told[]>;
  forget(told: readonly Told[]): Promise<void>;
  /**
   * Has `work` done by one process of all at a time, by this one when it is its turn, until `signal`. The signal that the work
   * gets is aborted when another process may have been given it.
   */
  alone(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
