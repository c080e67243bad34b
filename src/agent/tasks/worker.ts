// agent(prompt): the prompt of the script is the task, word for word.

import type { TaskPart } from "../agent.ts";
import type { Json } from "../model.ts";

/** What a script hands an agent to work on, by title; what is not text is shown as JSON. */
export type TaskData = { [title: string]: Json } | null | undefined;

/** Parts of a free task. */
export function workerTask({ prompt, data }: { prompt: string; data?: TaskData }): TaskPart[] {
  return [{ kind: "instructions", text: prompt }, ...dataParts(data)];
}

export function dataParts(data: TaskData): TaskPart[] {
  return Object.entries(data ?? {}).map(([title, value]) => ({
    kind: "data",
    title,
    text: typeof value === "string" ? value : JSON.stringify(value, null, 2),
  }));
}
