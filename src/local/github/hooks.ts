// The one hook of the local repositories: an App without the `workflows` permission may not push workflow files.

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Objects are only there once they were received, so git itself must look. */
const preReceive = `#!/bin/sh
[ "$LOCAL_GITHUB_WORKFLOWS" = refused ] || exit 0
while read -r before after ref; do
  case "$after" in *[!0]*) ;; *) continue ;; esac
  path=$(git log --format= --name-only -m "$after" --not --all -- .github/workflows | head -n 1)
  [ -z "$path" ] || { echo "refused-workflow:$path" >&2; exit 1; }
done
`;

export async function installHooks(gitDir: string): Promise<void> {
  await mkdir(join(gitDir, "hooks"), { recursive: true });
  const path = join(gitDir, "hooks", "pre-receive");
  await writeFile(path, preReceive);
  await chmod(path, 0o755);
}
