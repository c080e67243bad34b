// How a run ends, in words for the thread. Pure.

import { BudgetSpent, Cancelled, Diverged, SandboxFault, ScriptError } from "../engine/errors.ts";
import { ForgeError } from "../world/forge.ts";
import { ResultMoved } from "./finish.ts";
import { PlanRefused } from "./plan.ts";
import type { EndStatus } from "./record.ts";
import { code, counted, fenced, harmless, inline } from "./render/text.ts";
import { agentsIn, type RunView } from "./view.ts";
import { SealBroken } from "./seal.ts";

export interface Ending {
  status: EndStatus;
  /** Markdown: what happened, what is safe, what to type next. */
  detail: string;
}

const SAFE = "Finished work is on the branches above; nothing was merged.";

/** Errors whose message was written for the thread. */
const SAID_AS_THEY_ARE = [BudgetSpent, ResultMoved, SealBroken];

const NOTHING_CHANGED = "Nothing was changed.";

/** The end of a run whose script returned. */
export function endingOf(
  view: RunView,
  finalPull: { number: number } | null,
  leftOut: number,
): Ending {
  const agents = agentsIn(view);
  const failed = agents.filter(({ state }) => state === "failed");
  const where =
    finalPull === null
      ? "Nothing was folded in, so there is no pull request."
      : `**Final pull request: #${finalPull.number}** (a draft; nothing is merged until you do it).`;
  if (agents.length > 0 && failed.length === agents.length) {
    const first = failed[0]?.reason ?? "no reason given";
    return {
      status: "failed",
      detail: `All ${counted(agents.length, "agent")} failed. The first one: ${inline(first, 300)} Nothing was changed. Post the command again when the cause is gone.`,
    };
  }
  if (failed.length > 0) {
    return {
      status: "degraded",
      detail: `${where} **${agents.length - failed.length} of ${agents.length} agents finished**: what the others were to do is not done.`,
    };
  }
  const left =
    leftOut === 0 ? "" : ` ${counted(leftOut, "change")} stayed out; the table says why.`;
  return { status: "completed", detail: `${where}${left}` };
}

/** The end of a run that threw; null for an internal fault, which is logged and gets `internalEnding`. */
export function endingOfError(error: unknown, hasBranches = false): Ending | null {
  const safe = hasBranches ? SAFE : NOTHING_CHANGED;
  if (error instanceof Cancelled)
    return { status: "cancelled", detail: `${inline(error.message, 300)} ${safe}` };
  if (error instanceof PlanRefused) return { status: "failed", detail: error.message };
  if (error instanceof ScriptError) {
    const at = error.at === null ? "" : ` at line ${error.at.line}, column ${error.at.column}`;
    return {
      status: "failed",
      detail: `The script threw${at}:\n\n${fenced(harmless(error.message), "")}\n\n${safe} Change the task or the workflow and post the command again.`,
    };
  }
  if (error instanceof SandboxFault) {
    return {
      status: "failed",
      detail: `The script was stopped by its sandbox (${error.limit}): ${inline(error.message, 400)} ${safe}`,
    };
  }
  if (error instanceof Diverged) {
    return {
      status: "failed",
      detail: `The journal and the script do not fit together, so nothing was guessed: ${inline(error.message, 400)} ${safe} Post the command again to start afresh.`,
    };
  }
  if (error instanceof Error && SAID_AS_THEY_ARE.some((kind) => error instanceof kind)) {
    return { status: "failed", detail: `${error.message} ${safe}` };
  }
  if (error instanceof ForgeError) {
    return {
      status: "failed",
      detail: `GitHub refused: ${inline(error.message, 400)} ${safe} Post the command again when it is mended.`,
    };
  }
  return null;
}

/** The one honest sentence for a fault of ours. */
export function internalEnding(run: string, hasBranches: boolean): Ending {
  const safe = hasBranches ? SAFE : NOTHING_CHANGED;
  return {
    status: "failed",
    detail: `Something inside Fanfold broke; it is in the operator's log under ${code(run)}. ${safe} Posting the command again starts afresh.`,
  };
}
