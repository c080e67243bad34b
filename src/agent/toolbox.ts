// Which tools an agent gets.

import type { AgentTask } from "./agent.ts";
import { isProtected } from "../repo/protected-paths.ts";
import type { Tool } from "./tool.ts";
import { editTools } from "./tools/edit-files.ts";
import { listFiles } from "./tools/list-files.ts";
import { readFile } from "./tools/read-file.ts";
import { search } from "./tools/search.ts";

/** The tools over what the agent reads, in an order that never changes, so that the provider's cache holds. */
export function toolsFor({ files, tools }: Pick<AgentTask, "files" | "tools">): Tool[] {
  const all = allOver(files);
  if (tools === undefined) return all;
  const names: ReadonlySet<string> = tools;
  return all.filter(({ spec }) => names.has(spec.name.replace(BEFORE, "")));
}

function allOver(files: AgentTask["files"]): Tool[] {
  if (files === null) return [];
  return files.kind === "read-only"
    ? [...readingTools(files.from), ...(files.before === undefined ? [] : past(files.before))]
    : [
        ...readingTools(files.overlay),
        ...editTools(files.overlay, files.isProtected ?? isProtected),
      ];
}

/** What reads the files as they were is the same tool under another name. */
const BEFORE = /_before$/;

function past(before: Parameters<typeof listFiles>[0]): Tool[] {
  return [readFile(before, "before"), search(before, "before")];
}

function readingTools(from: Parameters<typeof listFiles>[0]): Tool[] {
  return [listFiles(from), readFile(from), search(from)];
}
