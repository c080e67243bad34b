// The tools that change files of the overlay; only agents that may edit get them.

import { z } from "zod";

import type { Overlay } from "../../repo/contract.ts";
import { checkPath } from "../../repo/path-gate.ts";
import { toolLimits } from "../tool-limits.ts";
import { defineTool, ToolRefused, type Tool } from "../tool.ts";
import { wordsBeside } from "../words.ts";

const Path = z.string().min(1).max(toolLimits.pathChars);
const Text = z.string().max(toolLimits.writeChars);

const Edit = z.strictObject({ path: Path, find: Text.min(1), replace: Text });
const Write = z.strictObject({ path: Path, content: Text });
const Delete = z.strictObject({ path: Path });

/** edit_file, write_file and delete_file on one overlay. */
export function editTools(overlay: Overlay, isProtected: (path: string) => boolean): Tool[] {
  const refuseProtected = (path: string): void => {
    if (isProtected(checkPath(path))) throw new ToolRefused(protectedSentence(path));
  };
  return [
    defineTool({
      name: "edit_file",
      description: wordsBeside(import.meta.url, "./edit-file.md"),
      input: Edit,
      async run({ path, find, replace }) {
        refuseProtected(path);
        if (find === replace)
          throw new ToolRefused("find and replace are the same, so nothing would change.");
        await overlay.edit(path, find, replace);
        return `Replaced one place in ${path}.`;
      },
    }),
    defineTool({
      name: "write_file",
      description: wordsBeside(import.meta.url, "./write-file.md"),
      input: Write,
      async run({ path, content }) {
        refuseProtected(path);
        await overlay.write(path, content);
        return `Wrote ${path}, ${content.split("\n").length} lines.`;
      },
    }),
    defineTool({
      name: "delete_file",
      description: wordsBeside(import.meta.url, "./delete-file.md"),
      input: Delete,
      async run({ path }) {
        refuseProtected(path);
        await overlay.remove(path);
        return `Deleted ${path}.`;
      },
    }),
  ];
}

function protectedSentence(path: string): string {
  return `${path} is protected: files that configure CI, reviews, agents, editors or registries, and those that the repository's settings name, are left to people. Do the rest of the task without it and say in your answer what is missing.`;
}
