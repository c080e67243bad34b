// One turn with the provider, asked again while the trouble is of the kind that passes.

import type { AgentWorld } from "./agent.ts";
import { ModelError, type Turn, type TurnRequest, type Usage } from "./model.ts";

/** First wait at most, doubled with each try up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** A turn, or the error that no further try would heal. */
export type TakenTurn =
  | { kind: "turn"; turn: Turn }
  | { kind: "gave-up"; error: ModelError; tries: number };

export interface TakeTurnOptions {
  attempts: number;
  signal: AbortSignal;
  /** Told at once what each try cost, broken and aborted ones too. */
  onSpent: (usage: Usage) => void;
}

/** Asks up to `attempts` times, waiting as long as the provider asks and a random while that grows. */
export async function takeTurn(
  world: Pick<AgentWorld, "model" | "clock" | "random">,
  request: TurnRequest,
  { attempts, signal, onSpent }: TakeTurnOptions,
): Promise<TakenTurn> {
  for (let tries = 1; ; tries++) {
    try {
      const turn = await world.model.turn(request, signal, onSpent);
      onSpent(turn.usage);
      return { kind: "turn", turn };
    } catch (error) {
      if (signal.aborted || !(error instanceof ModelError)) throw error;
      if (error.usage !== null) onSpent(error.usage);
      if (!error.transient || tries >= attempts) return { kind: "gave-up", error, tries };
      await world.clock.sleep(waitMs(error, tries, world.random ?? Math.random), signal);
    }
  }
}

// Full jitter: agents that failed together do not come back together. What the provider asks for is the least.
function waitMs(error: ModelError, tries: number, random: () => number): number {
  const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  const jitterMs = Math.floor(random() * ceilingMs);
  return error.retryAfterMs === null ? jitterMs : error.retryAfterMs + jitterMs;
}
