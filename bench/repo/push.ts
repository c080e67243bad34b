// Pushes a run's branches and its checkpoint over HTTP to a local GitHub.

import { join } from "node:path";

import { startLocalGitHub } from "../../src/local/github/server.ts";
import { systemClock } from "../../src/outside/clock.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import type { RepoTask, RepoTaskResult } from "./task.ts";
import { AT, AUTHOR, makeBranches, textsOf } from "./workers.ts";

const NAME = { owner: "octo", name: "sample" };

/** The time of one push of all branches and the checkpoint, and how many pushes arrived for it. */
export async function measurePush({
  place,
  workers,
  edits,
  repeats,
}: Extract<RepoTask, { kind: "push" }>): Promise<RepoTaskResult> {
  const app = { id: 1, slug: "fanfold", webhookSecret: "bench" };
  const github = await startLocalGitHub({ dataDir: join(place.folder, "github"), app });
  try {
    const { token } = await github.createUser({ login: "ada" });
    const { cloneUrl } = await github.createRepository(NAME);
    await github.setRole(NAME, "ada", "write");
    await github.importRepository(NAME, place.hub);
    const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
    const remote = openGitRemote(
      {
        url: cloneUrl,
        header: () => Promise.resolve(`Authorization: Basic ${credentials}`),
      },
      { sleep: systemClock.sleep, random: Math.random },
    );
    let pushes = 0;
    const counted: typeof remote = {
      ...remote,
      push: (...asked) => ((pushes += 1), remote.push(...asked)),
    };
    await using mirror = await openMirror({
      dir: join(place.folder, "push.git"),
      remote: counted,
      clock: systemClock,
    });
    const base = await mirror.fetch("main");
    if (base === null) throw new Error("The local GitHub has no main.");
    const ms: number[] = [];
    for (let round = 0; round < repeats; round += 1) {
      const texts = textsOf({ workers, edits, files: place.files, round });
      const heads = await makeBranches(mirror, base, texts);
      const files = new Map([["run.json", Buffer.from(`{"round":${round}}`)]]);
      const about = { message: "tick", author: AUTHOR, at: AT };
      const state = await mirror.commitFiles({ parent: null, files, ...about });
      const branches = heads.map((to, worker) => ({
        ref: `refs/heads/fanfold/bench-${round}/w${worker}`,
        from: null,
        to,
      }));
      const checkpoint = { ref: `refs/fanfold/runs/bench-${round}/state`, from: null, to: state };
      const beganMs = performance.now();
      const pushed = await mirror.push([...branches, checkpoint]);
      ms.push(performance.now() - beganMs);
      if (pushed.kind !== "pushed") throw new Error(`The push ended ${pushed.kind}.`);
      // The next run finds what clean-up leaves of an ended one: nothing.
      const made = [...branches, checkpoint].map(({ ref, to }) => ({ ref, from: to, to: null }));
      await remote.push(mirror.gitDir, made);
    }
    return { ms, pushes: pushes / repeats };
  } finally {
    await github.close();
  }
}
