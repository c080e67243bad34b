// The remote of a repository that lives on this disk.

import { openGitRemote } from "../../repo/git-remote.ts";
import type { GitRemote } from "../../repo/remote.ts";

/** Git itself over a path: no address, no token. `gitDir` is an absolute path of a bare repository. */
export function openPathRemote(gitDir: string): GitRemote {
  return openGitRemote({ url: gitDir, header: () => Promise.resolve(null) });
}
