// Which of our tools an agent file's `tools` and `disallowedTools` leave, by the names Claude Code gives its own. Pure.

import type { ToolName } from "../../agent/tool-names.ts";

interface Source {
  /** Refusing this name takes the tool away. */
  named: string;
  /** Allowing any of these gives it. */
  by: readonly string[];
}

/** Looking is what a shell may do here; changing files takes a tool that says so. */
const SOURCES: Readonly<Record<ToolName, Source>> = {
  list_files: { named: "Glob", by: ["Glob", "LS", "Bash"] },
  read_file: { named: "Read", by: ["Read", "NotebookRead", "Bash"] },
  search: { named: "Grep", by: ["Grep", "Bash"] },
  edit_file: { named: "Edit", by: ["Edit", "MultiEdit", "NotebookEdit"] },
  write_file: { named: "Write", by: ["Write"] },
  move_file: { named: "Write", by: ["Write"] },
  delete_file: { named: "Write", by: ["Write"] },
};

const EVERY = Object.keys(SOURCES).filter((name): name is ToolName => name in SOURCES);

/** Every tool there is. */
export const allTools: ReadonlySet<ToolName> = new Set(EVERY);

export interface ToolRules {
  /** Null: no list was given, so everything is allowed. */
  allowed: readonly string[] | null;
  disallowed: readonly string[];
}

export interface ToolsLeft {
  tools: ReadonlySet<ToolName>;
  /** Entries of the allow-list that give nothing here. */
  unavailable: string[];
}

/** What is refused goes first, then the allow-list on what is left; a tool in both is gone. */
export function toolsLeft({ allowed, disallowed }: ToolRules): ToolsLeft {
  // A rule such as `Edit(docs/**)` narrows a tool, which cannot be done here: it refuses all of it and allows none.
  const refused = new Set(disallowed.map((entry) => entry.replace(/\(.*$/s, "").trim()));
  const wanted = allowed?.includes("*") === true ? null : allowed;
  const gives = (name: ToolName, entries: readonly string[]): boolean =>
    SOURCES[name].by.some((source) => entries.includes(source) && !refused.has(source));
  const tools = EVERY.filter(
    (name) => !refused.has(SOURCES[name].named) && (wanted === null || gives(name, wanted)),
  );
  const known = new Set(Object.values(SOURCES).flatMap(({ by }) => by));
  const unavailable = (wanted ?? []).filter((entry) => entry === "Bash" || !known.has(entry));
  return { tools: new Set(refused.has("*") ? [] : tools), unavailable };
}
