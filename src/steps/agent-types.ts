// The agent types a script may name.

import { StepFailed } from "../engine/errors.ts";

/** What a type may do; `general-purpose` is the same as naming none. */
export interface AgentType {
  edits: boolean;
}

const TYPES = {
  "general-purpose": { edits: true },
  Explore: { edits: false },
  Plan: { edits: false },
} as const satisfies Record<string, AgentType>;

/** Throws `StepFailed` with the list of types when the name is not known. */
export function readAgentType(name: string | undefined): AgentType {
  if (name === undefined) return TYPES["general-purpose"];
  if (isKnown(name)) return TYPES[name];
  const known = Object.keys(TYPES)
    .map((type) => `"${type}"`)
    .join(", ");
  throw new StepFailed(`agent() knows no agentType "${name}". There are: ${known}.`);
}

function isKnown(name: string): name is keyof typeof TYPES {
  return Object.hasOwn(TYPES, name);
}
