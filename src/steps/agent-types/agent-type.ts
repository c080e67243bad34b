// What an agent of one type is: its words, its tools, its model.

import type { AgentTask } from "../../agent/agent.ts";
import { editingToolNames, type ToolName } from "../../agent/tool-names.ts";

export interface AgentType {
  /** What a script writes as `agentType`. */
  name: string;
  /** Path of its file, or null for one that is built in. */
  origin: string | null;
  tools: ReadonlySet<ToolName>;
  /** Its own instructions, after ours; empty when it has none. */
  words: string;
  /** Alias or id; null: the run's. */
  model: string | null;
  effort: AgentTask["effort"];
  /** Whether what the repository asks of everybody is shown to it too. */
  readsConventions: boolean;
  /** What of its file is not followed, as clauses. */
  notes: readonly string[];
}

/** Whether any of its tools changes files. */
export function mayEdit({ tools }: Pick<AgentType, "tools">): boolean {
  return editingToolNames.some((name) => tools.has(name));
}
