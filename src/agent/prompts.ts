// The system prompt of each role.

import type { AgentTask, Role } from "./agent.ts";
import { wordsBeside } from "./words.ts";

const common = read("common");

const prompts = {
  worker: read("worker"),
  reviewer: read("reviewer"),
  resolver: read("resolver"),
  synthesizer: read("synthesizer"),
  author: read("author"),
} satisfies Record<Role, string>;

/** Words of the role, then what holds for every role, then the words of an agent file if there are any. */
export function systemPrompt(task: Pick<AgentTask, "role" | "extraSystem">): string {
  const own = task.extraSystem?.trim() ?? "";
  return [prompts[task.role], common, ...(own === "" ? [] : [`${EXTRA}\n\n${own}`])].join("\n\n");
}

const EXTRA =
  "Further instructions for this agent follow. Where they conflict with the above, the above holds.";

function read(name: string): string {
  return wordsBeside(import.meta.url, `./prompts/${name}.md`);
}
