// Gives a report's findings to code scanning, where the installation allows it; where it does not, that is said and nothing fails.

import { sarifOf } from "../audit/sarif.ts";
import { emptyLedger, type Ledger } from "../audit/ledger.ts";
import { version } from "../config/version.ts";
import { branchRef } from "../repo/refs.ts";
import type { Schedule } from "../settings/schedule.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Ground } from "./ground.ts";
import { changeSchedule, type Kit } from "./kit.ts";

/** What cannot be allowed by waiting: the installation's permission is missing, or code scanning is off. */
const NOT_ALLOWED = ["forbidden", "not-found", "refused"];

export async function scan(
  kit: Kit,
  ground: Ground,
  { schedule, ledger }: { schedule: Schedule; ledger: Ledger },
): Promise<void> {
  const { name } = schedule;
  if (schedule.report === "issue") {
    await closeAlerts(kit, ground, { name, ledger });
    return;
  }
  const commit = ledger.rounds.at(-1)?.commit;
  if (commit === undefined) return;
  const refusal = await tryUpload(ground, { name, ledger, commit });
  const at = kit.house.world.clock.now();
  const why = refusal === null ? "" : REASONS[refusal];
  await changeSchedule(kit, { ref: ground.ref, name }, (state) => ({
    ...state,
    ledger: { ...state.ledger, scan: { at, isTaken: refusal === null, isClosing: false, why } },
  }));
}

/** Whether code scanning has, or may have, findings of it that nobody would ever close there. */
export const hasAlerts = ({ scan: last }: Ledger): boolean =>
  last !== null && !last.isClosing && (last.isTaken || last.why === REASONS.unreachable);

/** A report without findings for its category: code scanning closes the alerts then. Tried again where GitHub cannot be reached. */
export async function closeAlerts(
  kit: Kit,
  ground: Ground,
  { name, ledger }: { name: string; ledger: Ledger },
): Promise<void> {
  if (!hasAlerts(ledger)) return;
  const { commit } = ground.snapshot;
  const refusal = await tryUpload(ground, { name, ledger: emptyLedger, commit });
  if (refusal === "unreachable") return;
  const at = kit.house.world.clock.now();
  const closed = { at, isTaken: false, isClosing: true, why: refusal === null ? "" : STAY };
  await changeSchedule(kit, { ref: ground.ref, name }, (state) =>
    hasAlerts(state.ledger) ? { ...state, ledger: { ...state.ledger, scan: closed } } : null,
  );
}

const STAY = "GitHub takes no report for code scanning here any more.";

/** Null when it was taken. */
async function tryUpload(
  { forge, branch }: Ground,
  { name, ledger, commit }: { name: string; ledger: Ledger; commit: string },
): Promise<keyof typeof REASONS | null> {
  const sarif = JSON.stringify(sarifOf(ledger, { schedule: name, version }));
  try {
    await forge.uploadCodeScan({ commit, ref: branchRef(branch), sarif });
    return null;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return NOT_ALLOWED.includes(error.kind) ? "refused" : "unreachable";
  }
}

const REASONS = {
  refused:
    "they need code scanning in this repository, and the App's permission **Code scanning alerts: Read and write**. Where it is not wanted, `report: issue` says so.",
  unreachable: "GitHub could not be reached. They go with the next report.",
} as const;
