// What an author is told of a repository before it asks: its files or folders, its languages and size, its own rules.

import { extname } from "node:path/posix";

import type { TaskPart } from "../agent/agent.ts";
import type { AuthorSubject } from "../agent/tasks/author.ts";
import type { Snapshot } from "../repo/contract.ts";

/** Paths that are shown; a larger repository is shown by folders. */
const PATHS_SHOWN = 400;
const LANGUAGES_SHOWN = 10;
const FOLDERS_DEEP = 2;
const RULES = ["CLAUDE.md", "AGENTS.md"];

/** Read at a snapshot that is never of a pull request's head. */
export async function repositoryFacts(
  trusted: Snapshot,
  { rulesChars }: { rulesChars: number },
): Promise<Pick<AuthorSubject, "files" | "facts" | "rules">> {
  const paths = await trusted.paths();
  const rules = await Promise.all(RULES.map((path) => rulesIn(trusted, path, rulesChars)));
  return { files: listing(paths), facts: languagesOf(paths), rules: rules.flat() };
}

/** All paths of a small repository; of a large one, folders with how many files they hold. */
function listing(paths: readonly string[]): string[] {
  if (paths.length <= PATHS_SHOWN) return [...paths];
  const folders = Map.groupBy(
    paths,
    (path) => path.split("/").slice(0, -1).slice(0, FOLDERS_DEEP).join("/") || ".",
  );
  return [...folders]
    .map(([folder, inside]) => `${folder}/ (${inside.length} files)`)
    .slice(0, PATHS_SHOWN);
}

/** File endings by number, and how many files there are in all. */
function languagesOf(paths: readonly string[]): string[] {
  const endings = [...Map.groupBy(paths, (path) => extname(path) || "no ending")]
    .map(([ending, files]) => ({ ending, count: files.length }))
    .toSorted((one, other) => other.count - one.count);
  return [
    `${paths.length} files in all`,
    ...endings.slice(0, LANGUAGES_SHOWN).map(({ ending, count }) => `${ending}: ${count}`),
  ];
}

async function rulesIn(trusted: Snapshot, path: string, chars: number): Promise<TaskPart[]> {
  const content = await trusted.read(path);
  if (content?.kind !== "text" || content.text.trim() === "") return [];
  const left = content.text.length - chars;
  const cut = left > 0 ? `\n[Cut: ${left} more characters.]` : "";
  return [{ kind: "data", title: path, text: `${content.text.slice(0, chars)}${cut}` }];
}
