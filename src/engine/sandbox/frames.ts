// What parent and child say to each other: lines of JSON.
//
// Down: one `Opening`, one `Program`, then one `Answer` a line.
// Up: a frame for the opening, then frames `pumped` for the lines behind it, each for one or several of them, and behind
// such a frame the texts it announces, a line each. Of a line that makes the script say much, frames `part` come before.

import { z } from "zod";

import type { SandboxLimits } from "./limits.ts";

/** The first line from the parent, which the child trusts. */
export interface Opening {
  limits: SandboxLimits;
  /** When nobody waits for this child yet, so that it may use the time: of the engine that is warmed and thrown away. */
  warmUpLimits: SandboxLimits | null;
}

/** From the child, which the parent does not trust: the engine inside it may have been taken over. */
export const ChildFrame = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({
    kind: z.literal("pumped"),
    /** How many texts there are for each line that is answered, in order. */
    texts: z.array(z.int().nonnegative()).min(1).max(1_000),
  }),
  z.strictObject({
    kind: z.literal("part"),
    /** How many texts there are already for the line that is answered next. */
    texts: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal("fault"),
    limit: z.enum(["cpu", "wall", "memory", "stack", "jobs", "size", "deadlock", "crash"]),
    message: z.string().max(1_000),
  }),
]);
export type ChildFrame = z.infer<typeof ChildFrame>;
