// Where the demo's repository comes from: the sample, or any git repository of this machine.

import { execFile } from "node:child_process";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";

import { createSampleRepository } from "../local/sample-repository.ts";

const run = promisify(execFile);

/** A sentence on why this repository cannot be used; null when it can. */
export async function problemWith({ repo }: { repo?: string }): Promise<string | null> {
  if (repo === undefined) return null;
  try {
    await run("git", ["-C", resolve(repo), "rev-parse", "--git-dir"]);
  } catch {
    return `--repo ${repo}: there is no git repository. Give the folder of one (\`git init\` and a first commit make one).`;
  }
  try {
    await run("git", ["-C", resolve(repo), "rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    return null;
  } catch {
    return `--repo ${repo}: the repository has no commit yet. Make a first commit, then try again.`;
  }
}

/** Folder of the repository to import, and the name it gets on the local GitHub. */
export async function sourceRepository(
  { repo }: { repo?: string },
  dataDir: string,
): Promise<{ path: string; name: string }> {
  if (repo !== undefined) {
    const path = resolve(repo);
    const name = basename(path)
      .replace(/[^\w.-]+/g, "-")
      .replace(/^[.-]+/, "");
    return { path, name: name === "" ? "repository" : name };
  }
  const path = join(dataDir, "sample");
  await createSampleRepository(path);
  return { path, name: "sample" };
}
