// How a run ends, in words for the thread. Pure.

import { BudgetSpent, Cancelled, type Place, SandboxFault, ScriptError } from "../engine/errors.ts";
import { limits } from "../config/limits.ts";
import { RemoteError } from "../repo/remote.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { EarlyEnd } from "./execute.ts";
import { FinalEnded, ResultMoved } from "./final-ended.ts";
import { PlanRefused } from "./plan-refused.ts";
import { PlanEnded } from "./plan-ended.ts";
import type { EndStatus, RunRecord } from "./record.ts";
import { proposedSentence } from "./render/proposal.ts";
import { code, counted, cut, fenced, inline } from "./render/text.ts";
import { agentsIn, type RunView } from "./view.ts";
import { SealBroken } from "./seal.ts";

export interface Ending {
  status: EndStatus;
  /** Markdown: what happened, what is safe, what to type next. */
  detail: string;
}

export const SAFE = "Finished work is on the branches above; nothing was merged.";

/** Errors whose message was written for the thread. */
const SAID_AS_THEY_ARE = [BudgetSpent, ResultMoved, SealBroken];

const HOST_CHARS = 1_500;

export const NOTHING_CHANGED = "Nothing was changed.";

/** How the ends begin that a script brought upon itself. */
const BY_SCRIPT = { threw: "The script threw", sandbox: "The script was stopped by its sandbox" };

/** Whether a failed run's own words say that its script failed, and not GitHub or the bot. */
export const isScriptsFault = (detail: string): boolean =>
  Object.values(BY_SCRIPT).some((beginning) => detail.startsWith(beginning));

/** What became of a run that did not throw. */
export interface Outcome {
  record: Pick<RunRecord, "id" | "base">;
  pull: { number: number } | null;
  /** Set in its place where the result stays on its branch. */
  proposal: RunRecord["proposal"];
  /** What became of the branch that was built upon, in a sentence; null when nothing did. */
  base: string | null;
  /** Changes that are in the trunk, or proposed by themselves. */
  delivered: number;
  /** Changes that stayed out of the trunk. */
  leftOut: number;
  /** Set when the script was ended before it returned. */
  early: EarlyEnd | null;
  /** Accepted changes that were folded in because the script could not get to them. */
  lateFolds: number;
  /** The synthesizer was not asked: the cap was reached. */
  factsOnly: boolean;
}

/** The end of a run whose script returned, or was ended before. */
export function endingOf(view: RunView, outcome: Outcome): Ending {
  const { leftOut, early } = outcome;
  if (early !== null) return endingEarly(early, outcome);
  const agents = agentsIn(view);
  const failed = agents.filter(({ state }) => state === "failed");
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
      detail: `${where(outcome)} **${agents.length - failed.length} of ${agents.length} agents finished**: what the others were to do is not done.`,
    };
  }
  const left =
    leftOut === 0 ? "" : ` ${counted(leftOut, "change")} stayed out; the table says why.`;
  const facts = outcome.factsOnly
    ? " The run's cap is reached, so its description is made of facts alone."
    : "";
  return { status: "completed", detail: `${where(outcome)}${left}${facts}` };
}

function where({ record, pull, proposal, base, delivered }: Outcome): string {
  const meanwhile = base === null ? "" : ` ${base}`;
  if (proposal !== null) return `${proposedSentence(proposal)}${meanwhile}`;
  if (pull === null && record.base?.fork !== undefined && delivered > 0) return inFork(delivered);
  if (pull === null) return "Nothing was folded in, so there is no pull request.";
  return `**Final pull request: #${pull.number}** (a draft; nothing is merged until you do it).${meanwhile}`;
}

/** Whoever sent the fork's pull request proposes what is in it; nothing of ours goes in between. */
const inFork = (delivered: number): string =>
  `This pull request comes from a fork, into which nothing is pushed, so **no pull request was opened**. ${counted(delivered, "change")} ${delivered === 1 ? "stands" : "stand"} in the table below, on top of the fork's commit. To have them proposed, merge this pull request and post the command again.`;

function endingEarly({ message, short }: EarlyEnd, outcome: Outcome): Ending {
  const { record, pull, lateFolds, leftOut } = outcome;
  const late =
    lateFolds === 0
      ? ""
      : ` ${counted(lateFolds, "accepted change")} had not been folded in by the script, so the bot did it: read whether they belong together.`;
  const left =
    leftOut === 0
      ? ""
      : ` ${counted(leftOut, "change")} stayed out and ${leftOut === 1 ? "is" : "are"} kept on the branches above.`;
  return {
    status: pull === null && outcome.proposal === null ? "failed" : "degraded",
    detail: `${message} **The script did not get to its end.** ${where(outcome)}${late}${left} To do the rest${again[short]}: ${code(`/workflow retry ${record.id}`)} reuses every answer that this run has.`,
  };
}

const again = {
  money: " with a cap of its own",
  time: "",
  word: "",
} as const satisfies Record<EarlyEnd["short"], string>;

const placeText = ({ line, column }: Place): string => `line ${line}, column ${column}`;

/** The calls that led to it, innermost first; a single one without a name says no more than its place. */
function waysTo({ frames }: ScriptError): string[] {
  if (frames.length < 2 && (frames[0]?.name ?? null) === null) return [];
  return frames.map((frame) =>
    frame.name === null
      ? `    at ${placeText(frame)}`
      : `    in ${frame.name}, ${placeText(frame)}`,
  );
}

/** The end of a run that threw; null for an internal fault, which is logged and gets `internalEnding`. */
export function endingOfError(error: unknown, hasBranches = false): Ending | null {
  const safe = hasBranches ? SAFE : NOTHING_CHANGED;
  if (error instanceof Cancelled)
    return { status: "cancelled", detail: `${inline(error.message, 300)} ${safe}` };
  const told = endingSaid(error);
  if (told !== null) return told;
  if (error instanceof ScriptError) {
    const at = error.at === null ? "" : ` at ${placeText(error.at)}`;
    return {
      status: "failed",
      detail: `${BY_SCRIPT.threw}${at}:\n\n${fenced([error.message, ...waysTo(error)].join("\n"), "")}\n\n${safe} Change the task or the workflow and post the command again.`,
    };
  }
  if (error instanceof SandboxFault) {
    return {
      status: "failed",
      detail: `${BY_SCRIPT.sandbox} (${error.limit}): ${inline(error.message, 400)} ${safe}`,
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
  return endingOfPush(error, safe);
}

/** The end of a run whose push was refused. */
function endingOfPush(error: unknown, safe: string): Ending | null {
  const host = error instanceof RemoteError ? saidByHost(error.message) : null;
  if (host === null) return null;
  return {
    status: "failed",
    detail: `GitHub does not take what was to be pushed:\n\n${fenced(host, "")}\n\n${safe} What is not on GitHub is kept on the bot's disk. Let the App create branches and refs whose names begin with ${code("fanfold/")}, then post ${code("/workflow retry")}: no answer is paid for twice.`,
  };
}

/** The words of whoever was pushed to; what git says of this machine is for the log alone. */
function saidByHost(message: string): string | null {
  const lines = message.split("\n").filter((line) => /^(?:!|remote:)/.test(line));
  return lines.length === 0 ? null : cut(lines.join("\n"), HOST_CHARS);
}

/** The end of a run that never got to its script, or that opens no pull request. */
function endingSaid(error: unknown): Ending | null {
  if (error instanceof FinalEnded) return { status: error.status, detail: error.message };
  if (error instanceof PlanEnded) return { status: error.status, detail: error.message };
  if (error instanceof PlanRefused) return { status: "failed", detail: error.message };
  return null;
}

/** The end of a run that ends the bot itself, again and again. */
export const poisonous = (run: string): Ending => ({
  status: "failed",
  detail: `The bot died ${limits.run.barrenDrivers} times in a row while it drove this run, and nothing of it was finished in between, so it is not taken up again. ${SAFE} The operator's log says more under ${code(run)}; ${code(`/workflow retry ${run}`)} tries again and reuses every answer that there is.`,
});

/** The one honest sentence for a fault of ours. */
export function internalEnding(run: string, hasBranches: boolean): Ending {
  const safe = hasBranches ? SAFE : NOTHING_CHANGED;
  return {
    status: "failed",
    detail: `Something inside Fanfold broke; it is in the operator's log under ${code(run)}. ${safe} Posting the command again starts afresh.`,
  };
}
