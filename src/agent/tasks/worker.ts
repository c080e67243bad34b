// agent(prompt): the prompt of the script is the task, word for word.

import type { TaskPart } from "../agent.ts";

/** Parts of a free task. */
export function workerTask({ prompt }: { prompt: string }): TaskPart[] {
  return [{ kind: "instructions", text: prompt }];
}
