// Trouble that passes by itself: GitHub out of reach, a hold on our requests, a full disk, others who write all the time.

import { RemoteError } from "../repo/remote.ts";
import { ForgeError } from "../world/forge-error.ts";
import { BookBusy } from "./hidden-book.ts";

/** Whether the same attempt may succeed later. Nobody's word and no script changes anything about it. */
export function passes(error: unknown): boolean {
  if (error instanceof RemoteError) return error.transient;
  if (error instanceof ForgeError) return error.kind === "unreachable" || error.kind === "limited";
  return error instanceof BookBusy || isOfSystem(error);
}

/** What the system says about files, processes and the network, e.g. `ENOSPC`. */
function isOfSystem(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && /^E(?!RR_)[A-Z0-9]+$/u.test(String(error.code))
  );
}
