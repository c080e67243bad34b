// The end of a run whose journal tells of calls that its script does not make any more. Pure.

import { version } from "../config/version.ts";
import type { Diverged } from "../engine/errors.ts";
import { type Ending, NOTHING_CHANGED, SAFE } from "./ending.ts";
import type { RunRecord } from "./record.ts";
import { code, inline } from "./render/text.ts";

/** Says whether it is another version that reads the run otherwise, and how to go on without paying twice. */
export function divergedEnding(
  error: Diverged,
  { id, begunBy }: Pick<RunRecord, "id" | "begunBy">,
  hasBranches: boolean,
): Ending {
  const safe = hasBranches ? SAFE : NOTHING_CHANGED;
  return {
    status: "failed",
    detail:
      `What this run has done so far and what its script asks for now do not fit together, so nothing was guessed. ${why(begunBy)} ` +
      `${inline(error.message, 400)} ${safe} ${code(`/workflow retry ${id}`)} begins it anew and reuses every answer that still fits.`,
  };
}

function why(begunBy: string | null): string {
  if (begunBy === version)
    return `This is the same Fanfold (${version}) that began it: its checkpoint or its folder is not the one it wrote.`;
  const then = begunBy === null ? "an older Fanfold" : `Fanfold ${begunBy}`;
  return `It was begun by ${then}, and this is Fanfold ${version}, which reads its script otherwise.`;
}
