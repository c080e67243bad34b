// What one measuring process is asked to do and what it answers; each task has a process of its own.

import { z } from "zod";

/** One measurement. */
export type Task =
  | {
      kind: "fan-out";
      runner: "fanfold" | "pqueue";
      shape: "parallel" | "pipeline";
      calls: number;
      resultChars: number;
      aheadMs: number;
    }
  | {
      kind: "latency";
      calls: number;
      atOnce: number;
      meanMs: number;
      longTail: boolean;
      aheadMs: number;
    }
  | { kind: "replay"; calls: number; resultChars: number; repeats: number; aheadMs: number }
  /** Without `aheadMs` nothing is prepared. */
  | { kind: "start"; repeats: number; aheadMs: number | null };

/** What came out: `ms` of the whole work, or one time for each repeat. */
export const TaskResult = z.object({
  ms: z.array(z.number().nonnegative()).min(1),
  /** What the same work takes at best. */
  idealMs: z.number().positive().optional(),
  childPeakMb: z.number().nullable().optional(),
  parentPeakMb: z.number().optional(),
});
export type TaskResult = z.infer<typeof TaskResult>;
