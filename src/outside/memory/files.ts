// Single files of the GitHub in memory.

import { type GitHubState, refused } from "./state.ts";

/** Null when the branch, the commit or the file is not there. */
export async function readFile(
  { home, defaultBranch }: GitHubState,
  path: string,
  at = `refs/heads/${defaultBranch}`,
): Promise<string | null> {
  const found = await home.readFile(at, path);
  if (found?.kind === "other") throw refused(`${path} is no text file of a readable size`);
  return found?.text ?? null;
}
