// Single files of the default branch of the GitHub in memory.

import { git, gitText } from "./git.ts";
import { type GitHubState, refused } from "./state.ts";

/** Null when the branch or the file is not there. */
export async function readFile(
  { gitDir, defaultBranch }: GitHubState,
  path: string,
): Promise<string | null> {
  const place = `refs/heads/${defaultBranch}:${path}`;
  const { ok, text: type } = await git(gitDir, ["cat-file", "-t", place]);
  if (!ok) return null;
  if (type !== "blob") throw refused(`${path} is no text file of a readable size`);
  return gitText(gitDir, ["cat-file", "blob", place]);
}
