// Gives a report's findings to code scanning, where the installation allows it; where it does not, that is said and nothing fails.

import { sarifOf } from "../audit/sarif.ts";
import type { Ledger } from "../audit/ledger.ts";
import { version } from "../config/version.ts";
import { branchRef } from "../repo/refs.ts";
import type { Schedule } from "../settings/schedule.ts";
import { ForgeError } from "../world/forge.ts";
import type { Ground } from "./ground.ts";
import { changeSchedule, type Kit } from "./kit.ts";

/** What cannot be allowed by waiting: the installation's permission is missing, or code scanning is off. */
const NOT_ALLOWED = ["forbidden", "not-found", "refused"];

export async function scan(
  kit: Kit,
  { ref, forge, branch }: Ground,
  { schedule, ledger }: { schedule: Schedule; ledger: Ledger },
): Promise<void> {
  const commit = ledger.rounds.at(-1)?.commit;
  if (schedule.report === "issue" || commit === undefined) return;
  const sarif = JSON.stringify(sarifOf(ledger, { schedule: schedule.name, version }));
  const why = await tryUpload(() =>
    forge.uploadCodeScan({ commit, ref: branchRef(branch), sarif }),
  );
  const at = kit.house.world.clock.now();
  await changeSchedule(kit, { ref, name: schedule.name }, (state) => ({
    ...state,
    ledger: { ...state.ledger, scan: { at, isTaken: why === null, why: why ?? "" } },
  }));
}

/** Null when it was taken. */
async function tryUpload(upload: () => Promise<void>): Promise<string | null> {
  try {
    await upload();
    return null;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return NOT_ALLOWED.includes(error.kind)
      ? NEEDS
      : "GitHub could not be reached. They go with the next report.";
  }
}

const NEEDS =
  "they need code scanning in this repository, and the App's permission **Code scanning alerts: Read and write**. Where it is not wanted, `report: issue` says so.";
