// What the bot's process is told: how much to do, where GitHub and the model are, and who asked for what.

import { z } from "zod";

import { RepositoryRef } from "../../src/world/forge.ts";
import { CrowdSizes } from "./sizes.ts";

/** One request for a run. */
export const CrowdPlace = z.strictObject({
  repository: RepositoryRef,
  thread: z.int(),
  commentId: z.int(),
  requester: z.object({ id: z.int(), login: z.string() }),
});
export type CrowdPlace = z.infer<typeof CrowdPlace>;

export const CrowdTask = z.strictObject({
  sizes: CrowdSizes,
  env: z.record(z.string(), z.string()),
  places: z.array(CrowdPlace),
});
export type CrowdTask = z.infer<typeof CrowdTask>;
