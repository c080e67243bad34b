// The provider as operators see it: how many requests, how long, what they used, how they ended.

import { type Hearing, type Model, ModelError, type Turn, type Usage } from "../agent/model.ts";
import { priceOf } from "../config/models.ts";
import type { World } from "../world.ts";

/** The world's model, with every request to it told; what is asked and answered is the model's own. */
export function watchModel({
  model,
  telemetry,
  clock,
}: Pick<World, "model" | "telemetry" | "clock">): Model {
  return {
    ...model,
    turn: async (request, signal, hearing = {}) => {
      const name = labelOf(request.model);
      const since = clock.now();
      const use = (usage: Usage): void => count(telemetry, name, usage);
      const end = (outcome: string): void => {
        telemetry.add("turns", 1, { model: name, outcome });
        telemetry.took("turn", clock.now() - since, { model: name, outcome });
      };
      const spent: Hearing["spent"] = (usage) => {
        use(usage);
        hearing.spent?.(usage);
      };
      const ask = async (): Promise<Turn> => model.turn(request, signal, { ...hearing, spent });
      try {
        const turn = await telemetry.during({ name: "turn", facts: { model: name } }, ask);
        use(turn.usage);
        end("answered");
        return turn;
      } catch (error) {
        if (error instanceof ModelError && error.usage !== null) use(error.usage);
        end(signal.aborted ? "aborted" : error instanceof ModelError ? error.kind : "broken");
        throw error;
      }
    },
  };
}

/** A model that is in no list was named by a script: its name is somebody's text. */
const labelOf = (model: string): string => (priceOf(model) === null ? "unknown" : model);

function count(telemetry: World["telemetry"], model: string, usage: Usage): void {
  const kinds = {
    input: usage.inputTokens,
    output: usage.outputTokens,
    "cache-read": usage.cacheReadTokens,
    "cache-write": usage.cacheWriteTokens,
  };
  for (const [kind, tokens] of Object.entries(kinds))
    if (tokens > 0) telemetry.add("tokens", tokens, { model, kind });
  if (usage.costUsd !== null) telemetry.add("spent", usage.costUsd, { model });
}
