// A run whose work is done and that opens no pull request all the same, and why. Pure.

import type { Decision } from "../steps/context.ts";
import type { BaseNow } from "./final-line.ts";
import type { EndStatus } from "./record.ts";
import { code, counted, inline } from "./render/text.ts";

const PATHS_SHOWN = 10;

/** Ends the run; the message is Markdown for the thread. */
export class FinalEnded extends Error {
  override readonly name = "FinalEnded";
  readonly status: EndStatus;

  constructor(status: EndStatus, message: string) {
    super(message);
    this.status = status;
  }
}

const KEPT = "Everything is kept on the run's branches; nothing was merged.";

export function protectedTouched(paths: readonly string[]): FinalEnded {
  const shown = paths.slice(0, PATHS_SHOWN).map(code).join(", ");
  return new FinalEnded(
    "failed",
    `**This needs a human**: what was folded in changes ${counted(paths.length, "file")} that only people may change (${shown}), so nothing more was published. ${KEPT} Make that change by hand, or post the command again without it.`,
  );
}

/** Nobody wanted it, or nobody said so in time. */
export function notOpened(run: string, { by, comment }: Decision): FinalEnded {
  const again = `${code(`/workflow retry ${run}`)} asks anew and pays for no answer twice.`;
  if (by === null) {
    return new FinalEnded(
      "degraded",
      `Nobody decided in time whether the final pull request shall be opened, so it was not. ${KEPT} ${again}`,
    );
  }
  const why = comment === "" ? "" : `: ${inline(comment, 500)}`;
  return new FinalEnded(
    "cancelled",
    `${by} decided that the final pull request shall not be opened${why}. ${KEPT} ${again}`,
  );
}

export function baseGone(branch: string, { run, result }: { run: string; result: string }) {
  return new FinalEnded(
    "degraded",
    `The branch ${code(branch)} was **deleted** meanwhile, so no pull request can be opened into it. All commits are on ${code(result)}: open a pull request from it into another branch. Or restore ${code(branch)} and post ${code(`/workflow retry ${run}`)}, which pays for no answer twice.`,
  );
}

export function holdsAll(
  branch: string,
  { isRewritten, to }: Extract<BaseNow, { kind: "holds-all" }>,
): FinalEnded {
  const how = isRewritten ? "was rewritten" : "moved";
  return new FinalEnded(
    "completed",
    `${code(branch)} ${how} to ${code(to.slice(0, 12))} meanwhile and **holds all of this already**, so there is no pull request to open.`,
  );
}

/** The run's own branch was moved by somebody else: it is left as it is. */
export class ResultMoved extends Error {
  override readonly name = "ResultMoved";

  constructor(branch: string, commit: string) {
    super(
      `Somebody moved ${code(branch)}, so it is left as it is. The run's commits are at ${code(commit)}: make a branch of them to go on.`,
    );
  }
}
