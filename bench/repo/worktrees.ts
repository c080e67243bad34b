// The peer: a worktree for each writer, as one would do it by hand.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import type { RepoTask } from "./task.ts";
import { editedText, pathsOfWorker } from "./workers.ts";

/** Milliseconds for each branch: worktree add, three edits, commit, worktree remove; one after the other. */
export async function makeWorktrees({
  place,
  workers,
  edits,
}: Extract<RepoTask, { kind: "worktrees" }>): Promise<number[]> {
  const run = (folder: string, args: string[]) =>
    promisify(execFile)("git", ["-C", folder, ...args]);
  const ms: number[] = [];
  for (let worker = 0; worker < workers; worker += 1) {
    const tree = join(place.folder, `worktree-${worker}`);
    const beganMs = performance.now();
    await run(place.hub, ["worktree", "add", "--quiet", "-b", `peer/w${worker}`, tree, place.head]);
    for (const path of pathsOfWorker(worker, { workers, edits, files: place.files, round: 0 })) {
      await writeFile(join(tree, path), editedText(path, worker, 0));
    }
    const who = ["-c", "user.name=T", "-c", "user.email=t@example.test"];
    await run(tree, [...who, "commit", "--quiet", "--all", "--message", "change"]);
    await run(place.hub, ["worktree", "remove", "--force", tree]);
    ms.push(performance.now() - beganMs);
  }
  return ms;
}
