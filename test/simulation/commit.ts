// Which code a series was played on: a figure without it says nothing later.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

/** E.g. `commit 1de381b0c2aa + changes`; in words where there is no git, or no commit. */
export function commitNow(): string {
  try {
    const commit = git("rev-parse", "--short=12", "HEAD");
    return `commit ${commit}${git("status", "--porcelain") === "" ? "" : " + changes"}`;
  } catch (error) {
    return `an unknown commit (${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)})`;
  }
}
