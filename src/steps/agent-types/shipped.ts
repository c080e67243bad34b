// The agents of the built-in workflows: their words are files beside the scripts, in the form of a repository's own.

import { readdirSync, readFileSync } from "node:fs";

import { readAgentFile } from "./agent-file.ts";
import type { AgentType } from "./agent-type.ts";
import { fixedTypes } from "./fixed.ts";

const FOLDER = new URL("../../../workflows/agents/", import.meta.url);

/** Every type that is there without a file of the repository's. */
export const builtInTypes: readonly AgentType[] = [...fixedTypes, ...shipped()];

function shipped(): AgentType[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    const read = readAgentFile(`workflows/agents/${name}`, text, {
      wordsChars: Number.POSITIVE_INFINITY,
      builtIn: fixedTypes,
    });
    if (read.kind === "refused") throw new Error(`workflows/agents/${name}: ${read.reason}.`);
    return { ...read.type, origin: null };
  });
}
