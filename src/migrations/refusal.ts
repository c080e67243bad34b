// What GitHub does not do for one part or one migration, and would for others. Pure.

import { ForgeError } from "../world/forge-error.ts";

const OF_THE_THING = new Set(["not-found", "forbidden", "refused"]);

/** What GitHub does for nobody now (limits, trouble on the way) is none. */
export const isRefusal = (error: unknown): error is ForgeError =>
  error instanceof ForgeError && OF_THE_THING.has(error.kind);
