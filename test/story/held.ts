// A stage whose agents wait at a door until the story lets them through.

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

export interface Held {
  stage: Stage;
  /** Parts that were begun, in order. */
  begun: string[];
  /** Resolves once a worker of this part has begun. */
  begin: (part: string) => Promise<void>;
  /** Lets the worker of this part write its file and end. */
  open: (part: string) => void;
}

const PART = /the number (\d)/;

/** Workers are asked for "the number N"; each waits at its own door, unless that is open. */
export async function openHeldStage(options: Omit<StageOptions, "model">): Promise<Held> {
  const doors = new Map<string, PromiseWithResolvers<void>>();
  const begins = new Map<string, PromiseWithResolvers<void>>();
  const begun: string[] = [];
  const at = (map: typeof doors, part: string): PromiseWithResolvers<void> => {
    const known = map.get(part) ?? Promise.withResolvers<void>();
    map.set(part, known);
    return known;
  };
  const worker: Actor = async ({ task, turn }) => {
    const part = PART.exec(task)?.[1] ?? "?";
    if (turn > 0) return { finish: { summary: `Write ${part}` } };
    begun.push(part);
    at(begins, part).resolve();
    await at(doors, part).promise;
    return { tools: [{ name: "write_file", input: { path: `n${part}.txt`, content: part } }] };
  };
  const stage = await openStage({ ...options, model: playedBy({ worker }) });
  return {
    stage,
    begun,
    begin: (part) => stage.world.clock.during(at(begins, part).promise, 200),
    open: (part) => at(doors, part).resolve(),
  };
}

/** A script that makes, reviews and at its end combines as many changes, one after the other. */
export const counting = (
  count: number,
): string => `export const meta = { name: 'count', description: 'Count up' }
const made = []
for (let n = 1; n <= ${count}; n++) {
  const one = await change('Write the number ' + n + ' into n' + n + '.txt', { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  made.push(one)
}
return await combine(made)`;
