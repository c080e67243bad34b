// The rounds of a queue of many processes, kept beside it: whoever adds a run or hands one out counts on.

import { z } from "zod";

import type { Log } from "../../world/log.ts";
import type { Cells } from "./board.ts";
import { roundsAfter, roundsOf, type Rounds, type Turn } from "./turn.ts";

const KEY = "rounds";
/** Longer than any queue is without a run that is handed out, and short enough that nothing is left of a bot that is gone. */
const KEEP_MS = 24 * 60 * 60_000;
/** Whoever is faster each time counts on as well; what is lost is one installation's turn in one round. */
const TRIES = 5;

const Kept = z.object({ turn: z.number(), had: z.array(z.number()) }).optional();
const Written = z.object({ word: Kept, asked: Kept, scheduled: Kept });

export interface KeptRounds {
  /** Beside what is queued. */
  now(queued: readonly Turn[]): Promise<Rounds>;
  /** A run was handed out. */
  served(one: Pick<Turn, "wake" | "turn">): Promise<void>;
}

/** Neither rejects: without rounds a run gets its turn by what is queued, and the log says so. */
export function keepRounds(cells: Pick<Cells, "read" | "swap">, log: Log): KeptRounds {
  const change = async (count: (rounds: Rounds) => Rounds): Promise<Rounds> => {
    for (let tries = 1; ; tries++) {
      const { text } = await cells.read(KEY);
      const before = roundsIn(text);
      const after = count(before);
      if (after === before || tries > TRIES) return after;
      const written = { text: JSON.stringify(after), keepMs: KEEP_MS };
      if (await cells.swap(KEY, text, written)) return after;
    }
  };
  const orNone = async (count: (rounds: Rounds) => Rounds): Promise<Rounds> => {
    try {
      return await change(count);
    } catch (err) {
      log.warn({ err }, "the rounds of the queue are not known; turns go by what is queued");
      return {};
    }
  };
  return {
    now: (queued) => orNone((rounds) => roundsOf(rounds, queued)),
    served: async (one) => void (await orNone((rounds) => roundsAfter(rounds, one))),
  };
}

/** What cannot be read is begun anew. */
function roundsIn(text: string | null): Rounds {
  if (text === null) return {};
  try {
    const { word, asked, scheduled } = Written.parse(JSON.parse(text));
    return { ...(word && { word }), ...(asked && { asked }), ...(scheduled && { scheduled }) };
  } catch {
    return {};
  }
}
