// One turn with the provider, asked again while the trouble is of the kind that passes.

import type { AgentWorld } from "./agent.ts";
import { ModelError, type Turn, type TurnRequest, type Usage } from "./model.ts";
import { addUsage, noUsage } from "./usage.ts";

/** First wait at most, doubled with each try up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** A turn, or the error that no further try would heal. `spent` includes the tries that failed. */
export type TakenTurn =
  | { kind: "turn"; turn: Turn; spent: Usage }
  | { kind: "gave-up"; error: ModelError; tries: number; spent: Usage };

/** Asks up to `attempts` times, waiting as long as the provider asks or else a random while that grows. */
export async function takeTurn(
  world: Pick<AgentWorld, "model" | "clock" | "random">,
  request: TurnRequest,
  options: { attempts: number; signal: AbortSignal },
): Promise<TakenTurn> {
  let spent = noUsage;
  for (let tries = 1; ; tries++) {
    try {
      const turn = await world.model.turn(request, options.signal);
      return { kind: "turn", turn, spent: addUsage(spent, turn.usage) };
    } catch (error) {
      if (options.signal.aborted || !(error instanceof ModelError)) throw error;
      if (error.usage !== null) spent = addUsage(spent, error.usage);
      if (!error.transient || tries >= options.attempts)
        return { kind: "gave-up", error, tries, spent };
      await world.clock.sleep(waitMs(error, tries, world.random ?? Math.random), options.signal);
    }
  }
}

// Full jitter: agents that failed together do not come back together. What the provider asks for is the least.
function waitMs(error: ModelError, tries: number, random: () => number): number {
  const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  const jitterMs = Math.floor(random() * ceilingMs);
  return error.retryAfterMs === null ? jitterMs : error.retryAfterMs + jitterMs;
}
