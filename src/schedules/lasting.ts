// Which of GitHub's refusals asking again does not mend.

import { ForgeError } from "../world/forge-error.ts";

const LASTING = ["forbidden", "not-found", "refused"];

export const isLasting = (error: unknown): error is ForgeError =>
  error instanceof ForgeError && LASTING.includes(error.kind);
