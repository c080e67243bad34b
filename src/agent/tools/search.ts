// The tool that searches lines.

import { z } from "zod";

import type { Readable } from "../../repo/contract.ts";
import { showInvisible } from "../code-points.ts";
import { toolLimits } from "../tool-limits.ts";
import { defineTool, ToolRefused, type Tool } from "../tool.ts";
import { wordsBeside } from "../words.ts";

const Input = z.strictObject({
  pattern: z.string().min(1).max(toolLimits.patternChars),
  glob: z.string().min(1).max(toolLimits.pathChars).optional(),
});
type Input = z.infer<typeof Input>;

/** Searches what the agent reads, or what that was before the change it judges. */
export function search(files: Readable, when: "now" | "before" = "now"): Tool {
  return defineTool({
    name: when === "now" ? "search" : "search_before",
    description: when === "now" ? wordsBeside(import.meta.url, "./search.md") : BEFORE_THE_CHANGE,
    input: Input,
    async run(input) {
      const { hits, cut } = await find(files, input);
      if (hits.length === 0) return `No line matches ${input.pattern}${where(input)}.`;
      const lines = hits.map((hit) => `${hit.path}:${hit.line}: ${showInvisible(hit.text).text}`);
      const shown = fitting(lines);
      return shown.length === lines.length && !cut
        ? shown.join("\n")
        : `${shown.join("\n")}\n[Cut: there are more hits than these ${shown.length}. Use a longer pattern or a glob.]`;
    },
  });
}

const BEFORE_THE_CHANGE =
  "Like search, but searches the files as they were before the change that you judge.";

// A pattern that cannot be used is the model's mistake, and the error's own words say what is wrong with it.
async function find(files: Readable, { pattern, glob }: Input): ReturnType<Readable["search"]> {
  try {
    return await files.search(pattern, {
      limit: toolLimits.hits,
      ...(glob === undefined ? {} : { glob }),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolRefused(
      `The search failed: ${why} Use a simpler regular expression: no look-around, no backreferences.`,
      { cause: error },
    );
  }
}

function where({ glob }: Input): string {
  return glob === undefined ? "" : ` in ${glob}`;
}

function fitting(lines: readonly string[]): string[] {
  let chars = 0;
  const end = lines.findIndex((line) => (chars += line.length + 1) > toolLimits.searchChars);
  return lines.slice(0, end === -1 ? lines.length : Math.max(1, end));
}
