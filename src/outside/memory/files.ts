// Single files of the default branch of the GitHub in memory.

import { type GitHubState, refused } from "./state.ts";

/** Null when the branch or the file is not there. */
export async function readFile(
  { home, defaultBranch }: GitHubState,
  path: string,
): Promise<string | null> {
  const found = await home.readFile(defaultBranch, path);
  if (found?.kind === "other") throw refused(`${path} is no text file of a readable size`);
  return found?.text ?? null;
}
