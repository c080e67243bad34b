// What a run keeps of the checks that it asked a repository for.

import { z } from "zod";

/** A branch that the repository's own checks were asked about. */
export const BranchCheck = z.object({
  /** Key of the call that asked. */
  key: z.string(),
  change: z.string(),
  /** The worker's commit, and the one of the same files that CI is not kept away from. */
  from: z.string(),
  head: z.string(),
  askedAt: z.number(),
  /** No check is waited for longer. */
  until: z.number(),
  /** When GitHub was first seen to have the commit. */
  knownAt: z.number().nullable(),
  /** Since when nothing is pending, and the names of what is there. */
  still: z.object({ at: z.number(), names: z.string() }).nullable(),
  result: z
    .object({
      verdict: z.enum(["passed", "failed", "none", "unfinished", "held"]),
      why: z.string(),
      checks: z.array(
        z.object({
          kind: z.enum(["run", "status"]),
          id: z.int(),
          name: z.string(),
          state: z.enum(["pending", "passed", "failed", "skipped"]),
          said: z.string(),
          url: z.string().nullable(),
          hasLog: z.boolean(),
        }),
      ),
    })
    .nullable(),
});
export type BranchCheck = z.infer<typeof BranchCheck>;
