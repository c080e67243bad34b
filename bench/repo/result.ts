// The shape of what the benchmark of repositories reports to machines.

import { z } from "zod";

const figure = z.number().nonnegative();

/** Times in milliseconds; `peakMb` is what the reads added to the process that served them. */
export const RepoResult = z.strictObject({
  repo: z.strictObject({
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
  }),
});
export type RepoResult = z.infer<typeof RepoResult>;
