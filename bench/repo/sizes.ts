// How large the generated repositories are, and how much is done with them.

/** Sizes of one benchmark run, as counts. */
export interface RepoSizes {
  /** Files of the two repositories; figures are those of the larger one. */
  files: readonly [small: number, large: number];
  /** Commits of history below the newest one. */
  history: number;
  workers: number;
  editsPerWorker: number;
  /** Branches made with `git worktree`; each costs seconds. */
  worktrees: number;
  /** Changes that all touch one of a few files. */
  overlapping: number;
  reads: number;
  readers: number;
  /** Runs whose requests that create content are counted. */
  writers: readonly number[];
  repeats: number;
}

export const fullRepoSizes: RepoSizes = {
  files: [5_000, 50_000],
  history: 3_000,
  workers: 1_000,
  editsPerWorker: 3,
  worktrees: 20,
  overlapping: 100,
  reads: 10_000,
  readers: 64,
  writers: [10, 100, 300],
  repeats: 5,
};

export const quickRepoSizes: RepoSizes = {
  files: [40, 80],
  history: 3,
  workers: 6,
  editsPerWorker: 3,
  worktrees: 1,
  overlapping: 4,
  reads: 20,
  readers: 4,
  writers: [2],
  repeats: 1,
};
