// Measures the repository half: generated repositories, each task in a fresh process, medians of what came out.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { median, round } from "../statistics.ts";
import { generateRepository } from "./generate.ts";
import type { RepoDetails, RepoFigures } from "./result.ts";
import type { RepoSizes } from "./sizes.ts";
import { type Place, type RepoTask, RepoTaskResult } from "./task.ts";

type Say = (line: string) => void;

/** What one part adds to the figures, and to what is shown beside them. */
type Part = (bench: Bench) => Promise<{ figures: RepoFigures; details?: RepoDetails }>;

interface Bench {
  sizes: RepoSizes;
  ask: (task: RepoTask) => Promise<RepoTaskResult & { medianMs: number }>;
  /** Repositories are generated when they are asked for first. */
  small: () => Promise<Place>;
  large: () => Promise<Place>;
  empty: () => Promise<Place>;
}

/** In the order in which they are measured. */
const parts = {
  branches: async ({ sizes: { workers, editsPerWorker: edits, repeats }, ask, ...at }) => {
    const crew = { workers, edits, repeats };
    const few = await ask({ kind: "branches", place: await at.small(), ...crew });
    const many = await ask({ kind: "branches", place: await at.large(), ...crew });
    return {
      figures: {
        msPerBranch: { fanfold: round(many.medianMs / workers, 3) },
        growth50kOver5k: round(many.medianMs / few.medianMs, 2),
      },
      details: { apiCalls: workers * (edits + 3) },
    };
  },
  fold: async ({ sizes, ask, large }) => {
    const { workers, editsPerWorker: edits, repeats, overlapping: some } = sizes;
    const task = { kind: "fold" as const, place: await large(), edits, repeats };
    const disjoint = await ask({ ...task, workers, same: false });
    const overlapping = await ask({ ...task, workers: some, same: true });
    return {
      figures: {
        foldDisjointMs: round(disjoint.medianMs),
        foldOverlappingMs: round(overlapping.medianMs),
      },
      details: { conflicts: overlapping.conflicts ?? 0 },
    };
  },
  push: async ({ sizes: { workers, editsPerWorker: edits, repeats }, ask, large }) => {
    const push = await ask({ kind: "push", place: await large(), workers, edits, repeats });
    return { figures: { pushMs: round(push.medianMs), pushes: push.pushes ?? 0 } };
  },
  "first-read": async ({ sizes: { repeats }, ask, large }) => {
    const first = await ask({ kind: "first-read", place: await large(), repeats });
    return {
      figures: { firstReadMs: round(first.medianMs) },
      details: { firstCloneMs: first.onceMs ?? 0 },
    };
  },
  search: async ({ sizes: { repeats }, ask, large }) => {
    const place = await large();
    const search = await ask({ kind: "search", place, repeats: Math.max(repeats, 5) });
    return {
      figures: { searchMs: round(search.medianMs) },
      details: { firstSearchMs: search.onceMs ?? 0 },
    };
  },
  reads: async ({ sizes: { reads, readers, repeats }, ask, large }) => {
    const read = await ask({ kind: "reads", place: await large(), reads, readers, repeats });
    const readsPerSecond = Math.round((reads * 1_000) / read.medianMs);
    return { figures: { readsPerSecond, peakMb: round(read.addedMb ?? 0) } };
  },
  content: async ({ sizes: { writers }, ask, empty }) => {
    const content = await ask({ kind: "content", place: await empty(), writers });
    return { figures: { contentRequests: content.counts ?? {} } };
  },
  worktrees: async ({ sizes: { worktrees: workers, editsPerWorker: edits }, ask, large }) => {
    const peer = await ask({ kind: "worktrees", place: await large(), workers, edits });
    return { figures: { msPerBranch: { worktree: round(peer.medianMs) } } };
  },
} satisfies Record<string, Part>;
type PartName = keyof typeof parts;

const isPart = (name: string): name is PartName => Object.hasOwn(parts, name);
/** What can be measured alone. */
export const partNames: readonly PartName[] = Object.keys(parts).filter(isPart);

/** Measures every part, or only the one that is named. */
export async function measureRepo(
  sizes: RepoSizes,
  { only, say }: { only: string | null; say: Say },
): Promise<{ figures: RepoFigures; details: RepoDetails }> {
  const folder = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
  try {
    const bench = openBench(sizes, { folder, say });
    const [files, workers] = [sizes.files[1], sizes.workers];
    let figures: RepoFigures = { files, workers };
    let details: RepoDetails = {};
    for (const name of partNames) {
      if (only !== null && name !== only) continue;
      const part = await (parts[name] as Part)(bench);
      const msPerBranch = { ...figures.msPerBranch, ...part.figures.msPerBranch };
      figures = { ...figures, ...part.figures, msPerBranch };
      details = { ...details, ...part.details };
    }
    return { figures, details };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function openBench(sizes: RepoSizes, { folder, say }: { folder: string; say: Say }): Bench {
  const made = new Map<string, Promise<Place>>();
  const place = (name: string, files: number) => (): Promise<Place> => {
    const known = made.get(name) ?? makePlace(join(folder, name), { ...sizes, files }, say);
    made.set(name, known);
    return known;
  };
  return {
    sizes,
    small: place("small", sizes.files[0]),
    large: place("large", sizes.files[1]),
    empty: async () => {
      const own = join(folder, "empty");
      await mkdir(own, { recursive: true });
      return { hub: "", head: "", files: 0, folder: own };
    },
    ask: async (task) => {
      const result = await run(task);
      const times = result.ms.map((ms) => round(ms)).join(", ");
      say(`${task.kind}, ${task.place.files} files: ${times} ms`);
      return { ...result, medianMs: median(result.ms) };
    },
  };
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

const workerFile = fileURLToPath(new URL("./worker.ts", import.meta.url));

async function run(task: RepoTask): Promise<RepoTaskResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    workerFile,
    JSON.stringify(task),
  ]);
  return RepoTaskResult.parse(JSON.parse(stdout));
}
