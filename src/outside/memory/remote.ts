// The remote of a repository that lives on this disk.

import { openGitRemote } from "../../repo/git-remote.ts";
import type { GitRemote } from "../../repo/remote.ts";

/**
 * Git itself over a path: no address, no token. `gitDir` is an absolute path of a bare repository. Trouble that passes on a
 * network does not pass on this disk: what is tried again is tried at once.
 */
export function openPathRemote(gitDir: string): GitRemote {
  return openGitRemote(
    { url: gitDir, header: () => Promise.resolve(null) },
    { sleep: () => Promise.resolve(), random: () => 0 },
  );
}
