// What parent and child say to each other: lines of JSON.
//
// Down: one `Opening`, one `Program`, then one `Answer` a line.
// Up: one frame for each of them, and behind a frame `pumped` the texts it announces, a line each.

import { z } from "zod";

import type { SandboxLimits } from "./limits.ts";

/** The first line from the parent, which the child trusts. */
export interface Opening {
  limits: SandboxLimits;
}

/** From the child, which the parent does not trust: the engine inside it may have been taken over. */
export const ChildFrame = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("pumped"), texts: z.int().nonnegative() }),
  z.strictObject({
    kind: z.literal("fault"),
    limit: z.enum(["cpu", "wall", "memory", "stack", "jobs", "size", "deadlock", "crash"]),
    message: z.string().max(1_000),
  }),
]);
export type ChildFrame = z.infer<typeof ChildFrame>;
