// The agent types that are always there.

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

export const builtInTypes: readonly AgentType[] = [
  generalPurpose,
  { ...onlyReads, name: "Explore" },
  { ...onlyReads, name: "Plan" },
];
