// What one measuring process is asked to do with a generated repository, and what it answers.

import { z } from "zod";

/** A generated repository, and a folder for what is made of it. */
export interface Place {
  hub: string;
  head: string;
  files: number;
  folder: string;
}

export type RepoTask =
  | { kind: "branches"; place: Place; workers: number; edits: number; repeats: number }
  | { kind: "worktrees"; place: Place; workers: number; edits: number }
  | { kind: "fold"; place: Place; workers: number; edits: number; repeats: number; same: boolean }
  | { kind: "push"; place: Place; workers: number; edits: number; repeats: number }
  | { kind: "first-read"; place: Place; repeats: number }
  | { kind: "content"; place: Place; writers: readonly number[] }
  | { kind: "search"; place: Place; repeats: number }
  | { kind: "reads"; place: Place; reads: number; readers: number; repeats: number };

/** `ms` has one time for each repeat. */
export const RepoTaskResult = z.object({
  ms: z.array(z.number().nonnegative()).min(1),
  addedMb: z.number().optional(),
  pushes: z.int().optional(),
  /** What was looked at once, beside the repeats. */
  onceMs: z.number().optional(),
  conflicts: z.int().optional(),
  /** By the number of writers. */
  counts: z.record(z.string(), z.int()).optional(),
});
export type RepoTaskResult = z.infer<typeof RepoTaskResult>;
