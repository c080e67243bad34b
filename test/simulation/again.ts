// Runs gone through again out of their checkpoints, as they ended and as they stood at any moment before.

import { replayRun } from "../../src/replay/replay.ts";
import { NO_COMMIT } from "../../src/replay/steps.ts";
import type { Chain } from "./chains.ts";
import { openSandbox } from "./sandbox.ts";

/** Why a journal is not what its script does, in a sentence each. */
export async function strangers(
  runs: Iterable<Pick<Chain, "record" | "script" | "entries">>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { record, script, entries } of runs) {
    const hands = {
      openSandbox,
      reading: NO_COMMIT,
    };
    const { kind, why } = await replayRun({ record, script, entries }, hands);
    if (kind === "other" || kind === "unread")
      found.push(`${record.id}, ${entries.length} entries: ${why}`);
  }
  return found;
}
