// What parent and child say to each other: one JSON object a line.

import { z } from "zod";

import type { Program } from "../sandbox.ts";
import type { SandboxLimits } from "./limits.ts";

/** From the parent, which the child trusts. */
export type ParentFrame =
  | { kind: "open"; limits: SandboxLimits }
  | { kind: "start"; program: Program }
  | { kind: "deliver"; answer: string };

/** From the child, which the parent does not trust: the engine inside it may have been taken over. */
export const ChildFrame = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("pumped"), texts: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal("fault"),
    limit: z.enum(["cpu", "wall", "memory", "stack", "jobs", "size", "deadlock", "crash"]),
    message: z.string().max(1_000),
  }),
]);
export type ChildFrame = z.infer<typeof ChildFrame>;
