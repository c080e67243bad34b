// Whether a plan is large, and whether a person has to be asked before it runs. Pure.

import { limits } from "../config/limits.ts";
import type { RunRecord } from "./record.ts";
import type { Estimate } from "./plan-record.ts";
import { money, thousands } from "./render/text.ts";
import { mostAgents } from "./size.ts";

type Planned = Pick<RunRecord, "settings" | "waitsForApproval" | "script">;

/** Where a person is to be asked, the larger of two expectations counts. */
const mostUsd = ({ highUsd, past }: Estimate): number =>
  Math.max(highUsd, past?.preview.highUsd ?? 0);

/** Each reason in a few words; none for an ordinary plan. */
export function largeBecause(
  { settings }: Pick<Planned, "settings">,
  estimate: Estimate,
): string[] {
  const most = mostAgents(settings.size);
  const aboveUsd = settings["approval.aboveUsd"];
  const reasons = estimate.isKnown ? [] : ["its size is not known"];
  if (most !== null && estimate.agents > most) {
    const whose = settings.size === null ? "" : ` (\`size: ${settings.size}\`)`;
    reasons.push(`more than ${most} agents${whose}`);
  }
  if (estimate.tokens > limits.run.largeTokens) {
    reasons.push(
      `about ${thousands(estimate.tokens)} tokens, more than ${thousands(limits.run.largeTokens)}`,
    );
  }
  if (aboveUsd !== null && mostUsd(estimate) > aboveUsd) {
    reasons.push(`may cost more than ${money(aboveUsd)} (\`approval.aboveUsd\`)`);
  }
  return reasons;
}

/** Why a person is asked, in the middle of a sentence; null when the plan starts at once. */
export function asksBecause(
  { settings, waitsForApproval, script }: Planned,
  { estimate, large }: { estimate: Estimate; large: readonly string[] },
): string | null {
  if (waitsForApproval) return "it was asked for by `/workflow plan`";
  const upTo = settings["approval.savedUpToUsd"];
  const isSaved = script !== null && script.origin !== "authored";
  if (isSaved && settings["approval.trusted"].includes(script.workflow)) return null;
  if (isSaved && upTo !== null && estimate.trouble === null && mostUsd(estimate) <= upTo)
    return null;
  switch (settings["approval.when"]) {
    case "never":
      return null;
    case "always":
      return "every plan waits here (`approval.when`)";
    case "large":
      return large.length === 0 ? null : "it is large (`approval.when`)";
  }
}
