// What of a run's work stands on the remote: every ref but its checkpoint, and what machines tell each other.

import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import { stateRefOf } from "./names.ts";
import { saidRefsOf } from "./passed-on.ts";
import { RUN_REFS } from "../repo/refs.ts";

/** Branches and hidden refs of a run by their full names. */
export async function workRefsOf(mirror: Mirror, run: string): Promise<Map<string, Oid>> {
  return new Map([
    ...(await mirror.remoteRefs(`refs/heads/fanfold/${run}/`)),
    ...[...(await mirror.remoteRefs(`${RUN_REFS}${run}/`))].filter(
      ([ref]) => ref !== stateRefOf(run) && !ref.startsWith(saidRefsOf(run)),
    ),
  ]);
}
