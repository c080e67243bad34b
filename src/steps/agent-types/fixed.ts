// The agent types that need no words of their own.

import { readingToolNames } from "../../agent/tool-names.ts";
import type { AgentType } from "./agent-type.ts";
import { allTools } from "./tools.ts";

const plain = { origin: null, words: "", model: null, effort: null, notes: [] };
const onlyReads = { ...plain, tools: new Set(readingToolNames), readsConventions: false };

/** What a call gets that names no type. */
export const generalPurpose: AgentType = {
  ...plain,
  name: "general-purpose",
  tools: allTools,
  readsConventions: true,
};

export const fixedTypes: readonly AgentType[] = [
  generalPurpose,
  { ...onlyReads, name: "Explore" },
  { ...onlyReads, name: "Plan" },
];
