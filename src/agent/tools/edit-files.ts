// The tools that change files of the overlay; only agents that may edit get them.

import { z } from "zod";

import { EditRefused, type Overlay, PathRefused } from "../../repo/contract.ts";
import { checkPath } from "../../repo/path-gate.ts";
import { toolLimits } from "../tool-limits.ts";
import { defineTool, ToolRefused, type Tool } from "../tool.ts";
import { wordsBeside } from "../words.ts";

const Path = z.string().min(1).max(toolLimits.pathChars);
const Text = z.string().max(toolLimits.writeChars);

const Edit = z.strictObject({ path: Path, find: Text.min(1), replace: Text });
const Write = z.strictObject({ path: Path, content: Text });
const Move = z.strictObject({ from: Path, to: Path });
const Delete = z.strictObject({ path: Path });

/** edit_file, write_file, move_file and delete_file on one overlay. */
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
      name: "move_file",
      description: wordsBeside(import.meta.url, "./move-file.md"),
      input: Move,
      async run({ from, to }) {
        const moves = await movesOf(overlay, { from: checkPath(from), to: checkPath(to) });
        for (const each of moves) for (const path of [each.from, each.to]) refuseProtected(path);
        for (const [done, each] of moves.entries()) await moveOne(overlay, each, done);
        return moves.length === 1 && moves[0]?.from === checkPath(from)
          ? `Moved ${from} to ${to}.`
          : `Moved ${from} to ${to}: ${moves.length} files.`;
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

interface Move {
  from: string;
  to: string;
}

/** A folder moves as the files in it; what is neither is left for the overlay to refuse. */
async function movesOf(overlay: Overlay, { from, to }: Move): Promise<Move[]> {
  if ((await overlay.read(from)) !== null) return [{ from, to }];
  const inside = (await overlay.paths()).filter((path) => path.startsWith(`${from}/`));
  if (inside.length === 0) return [{ from, to }];
  if (`${to}/`.startsWith(`${from}/`))
    throw new ToolRefused(`${to} lies in ${from}: a folder cannot be moved into itself.`);
  return inside.map((path) => ({ from: path, to: `${to}${path.slice(from.length)}` }));
}

async function moveOne(overlay: Overlay, { from, to }: Move, done: number): Promise<void> {
  try {
    await overlay.move(from, to);
  } catch (error) {
    if (done === 0 || !(error instanceof EditRefused || error instanceof PathRefused)) throw error;
    throw new ToolRefused(
      `${done} ${done === 1 ? "file was" : "files were"} moved, then ${from} was not: ${error.message}`,
    );
  }
}

function protectedSentence(path: string): string {
  return `${path} is protected: files that configure CI, reviews, agents, editors or registries, and those that the repository's settings name, are left to people. Do the rest of the task without it and say in your answer what is missing.`;
}
