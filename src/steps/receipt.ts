// What is kept of an agent after it ended.

import type { AgentEnd, Role } from "../agent/agent.ts";
import type { AgentReceipt } from "./records.ts";

/** The receipt of one agent, whatever its end. */
export function receiptOf(
  end: AgentEnd,
  who: { role: Role; label: string; model: string },
): AgentReceipt {
  return {
    ...who,
    failure: end.kind === "failed" ? `${end.failure}: ${end.message}` : null,
    turns: end.turns,
    usage: end.usage,
  };
}
