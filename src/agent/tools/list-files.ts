// The tool that lists paths.

import { z } from "zod";

import type { Readable } from "../../repo/contract.ts";
import { toolLimits } from "../tool-limits.ts";
import { defineTool, type Tool } from "../tool.ts";
import { wordsBeside } from "../words.ts";

const Input = z.strictObject({ glob: z.string().min(1).max(toolLimits.pathChars).optional() });

/** Lists the files of what the agent reads. */
export function listFiles(files: Readable): Tool {
  return defineTool({
    name: "list_files",
    description: wordsBeside(import.meta.url, "./list-files.md"),
    input: Input,
    async run({ glob }) {
      const paths = await files.paths(glob);
      if (paths.length === 0) return nothing(glob);
      const shown = paths.slice(0, toolLimits.paths);
      const left = paths.length - shown.length;
      return left === 0
        ? shown.join("\n")
        : `${shown.join("\n")}\n[Cut: ${left} of ${paths.length} paths are not shown. Use a narrower glob.]`;
    },
  });
}

function nothing(glob: string | undefined): string {
  return glob === undefined
    ? "The repository has no files."
    : `No file matches ${glob}. Globs are matched against whole paths from the root; ** crosses folders.`;
}
