// Measures the repository half: generated repositories, each task in a fresh process, medians of what came out.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { median, round } from "../statistics.ts";
import { generateRepository } from "./generate.ts";
import type { RepoResult } from "./result.ts";
import type { RepoSizes } from "./sizes.ts";
import { type Place, type RepoTask, RepoTaskResult } from "./task.ts";

/** What is shown beside the figures that machines get. */
export interface RepoDetails {
  /** Calls to GitHub's Git Data API that the same branches would take: blobs, a tree, a commit and a ref for each. */
  apiCalls: number;
  /** From an empty disk. */
  firstCloneMs: number;
  /** The first search on a commit, with what is made once for it. */
  firstSearchMs: number;
  conflicts: number;
}

type Say = (line: string) => void;

export async function measureRepo(
  sizes: RepoSizes,
  say: Say,
): Promise<{ json: RepoResult } & RepoDetails> {
  const folder = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
  try {
    const small = await makePlace(join(folder, "small"), { ...sizes, files: sizes.files[0] }, say);
    const large = await makePlace(join(folder, "large"), { ...sizes, files: sizes.files[1] }, say);
    return await measurePlaces(sizes, { small, large }, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makePlace(
  folder: string,
  { files, history }: { files: number; history: number },
  say: Say,
): Promise<Place> {
  say(`generating ${files} files and ${history} commits …`);
  const hub = join(folder, "hub.git");
  const head = await generateRepository(hub, { files, history });
  return { hub, head, files, folder };
}

async function measurePlaces(
  sizes: RepoSizes,
  { small, large }: { small: Place; large: Place },
  say: Say,
): Promise<{ json: RepoResult } & RepoDetails> {
  const { workers, editsPerWorker: edits, repeats } = sizes;
  const crew = { workers, edits, repeats };
  const ask = async (task: RepoTask): Promise<RepoTaskResult & { medianMs: number }> => {
    const result = await run(task);
    say(
      `${task.kind}, ${task.place.files} files: ${result.ms.map((ms) => round(ms)).join(", ")} ms`,
    );
    return { ...result, medianMs: median(result.ms) };
  };
  const few = await ask({ kind: "branches", place: small, ...crew });
  const many = await ask({ kind: "branches", place: large, ...crew });
  const disjoint = await ask({ kind: "fold", place: large, ...crew, same: false });
  const overlap = { ...crew, workers: sizes.overlapping, same: true };
  const overlapping = await ask({ kind: "fold", place: large, ...overlap });
  const push = await ask({ kind: "push", place: large, ...crew });
  const first = await ask({ kind: "first-read", place: large, repeats });
  const search = await ask({ kind: "search", place: large, repeats: Math.max(repeats, 5) });
  const { reads, readers } = sizes;
  const read = await ask({ kind: "reads", place: large, reads, readers, repeats });
  const peer = await ask({ kind: "worktrees", place: large, workers: sizes.worktrees, edits });
  const json: RepoResult = {
    repo: {
      files: large.files,
      workers,
      msPerBranch: { fanfold: round(many.medianMs / workers, 3), worktree: round(peer.medianMs) },
      growth50kOver5k: round(many.medianMs / few.medianMs, 2),
      foldDisjointMs: round(disjoint.medianMs),
      foldOverlappingMs: round(overlapping.medianMs),
      pushMs: round(push.medianMs),
      pushes: push.pushes ?? 0,
      firstReadMs: round(first.medianMs),
      searchMs: round(search.medianMs),
      readsPerSecond: Math.round((reads * 1_000) / read.medianMs),
      peakMb: round(read.addedMb ?? 0),
    },
  };
  return {
    json,
    apiCalls: workers * (edits + 3),
    firstCloneMs: first.onceMs ?? 0,
    firstSearchMs: search.onceMs ?? 0,
    conflicts: overlapping.conflicts ?? 0,
  };
}

const workerFile = fileURLToPath(new URL("./worker.ts", import.meta.url));

async function run(task: RepoTask): Promise<RepoTaskResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    workerFile,
    JSON.stringify(task),
  ]);
  return RepoTaskResult.parse(JSON.parse(stdout));
}
