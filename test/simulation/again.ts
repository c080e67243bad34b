// The runs of a world that has come to rest, gone through again out of their checkpoints.

import { fileURLToPath } from "node:url";

import { replayRun } from "../../src/replay/replay.ts";
import { isEnded } from "../../src/runs/record.ts";
import type { Chain } from "./chains.ts";
import { openSandbox } from "./sandbox.ts";

/** Why a journal is not what its script does, in a sentence each. */
export async function strangers(runs: Iterable<Chain>): Promise<string[]> {
  const found: string[] = [];
  for (const { record, script, entries } of runs) {
    if (!isEnded(record.status)) continue;
    const hands = {
      openSandbox,
      sleep: async () => {},
      reading: null,
      workflowsDir: fileURLToPath(new URL("workflows", import.meta.url)),
    };
    const { kind, why } = await replayRun({ record, script, entries }, hands);
    if (kind === "other") found.push(`${record.id}: ${why}`);
  }
  return found;
}
