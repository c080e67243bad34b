// Who owns a file, by the repository's CODEOWNERS: the last pattern that matches counts, as on GitHub.

import ignore from "ignore";

import type { Snapshot } from "../repo/contract.ts";

const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
const RULES_MAX = 2_000;

/** Nobody where there is no such file. */
export async function codeOwnersIn(snapshot: Snapshot): Promise<(path: string) => string[]> {
  for (const place of PLACES) {
    const content = await snapshot.read(place);
    if (content?.kind === "text") return ownersBy(content.text);
  }
  return () => [];
}

export function ownersBy(text: string): (path: string) => string[] {
  const rules = text
    .split(/\r?\n/u)
    .map((line) => line.replace(/(?:^|\s)#.*$/u, "").trim())
    .filter((line) => line !== "")
    .slice(0, RULES_MAX)
    .map((line) => {
      // A space in a pattern is written with a backslash before it.
      const [pattern = "", ...owners] = line.split(/(?<!\\)\s+/u);
      return { matches: matcherOf(pattern), owners };
    })
    .toReversed();
  return (path) =>
    rules.find(({ matches }) => ignore.isPathValid(path) && matches(path))?.owners ?? [];
}

/** As gitignore, but case counts, and `docs/*` is not about what stands deeper. */
function matcherOf(pattern: string): (path: string) => boolean {
  const rule = ignore({ ignorecase: false }).add(pattern);
  if (!pattern.endsWith("/*")) return (path) => rule.ignores(path);
  const isDeeper = (path: string): boolean => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return folder !== "" && rule.ignores(folder);
  };
  return (path) => rule.ignores(path) && !isDeeper(path);
}
