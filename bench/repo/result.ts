// The shape of what the benchmark of repositories reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();

const Figures = z.strictObject({
  files: z.int().positive(),
  workers: z.int().positive(),
  msPerBranch: z.strictObject({ fanfold: figure, worktree: figure }),
  growth50kOver5k: figure,
  foldDisjointMs: figure,
  foldOverlappingMs: figure,
  pushMs: figure,
  pushes: z.int(),
  firstReadMs: figure,
  searchMs: figure,
  readsPerSecond: figure,
  peakMb: figure,
  contentRequests: z.record(z.string(), z.int().nonnegative()),
});

/**
 * Times in milliseconds; `peakMb` is what the reads added to the process that served them; `contentRequests` are a whole
 * run's requests that create content on GitHub, by its number of writers.
 */
export const RepoResult = z.strictObject({ repo: Figures });

/** What was measured of it. */
export type RepoFigures = Partial<Omit<z.infer<typeof Figures>, "msPerBranch">> & {
  msPerBranch?: { fanfold?: number; worktree?: number };
};

/** What is shown beside the figures that machines get. */
export interface RepoDetails {
  /** Calls to GitHub's Git Data API that the same branches would take: blobs, a tree, a commit and a ref for each. */
  apiCalls?: number;
  /** From an empty disk. */
  firstCloneMs?: number;
  /** The first search on a commit, with what is made once for it. */
  firstSearchMs?: number;
  conflicts?: number;
}
