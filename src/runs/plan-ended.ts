// A plan that does not become a run: rejected, expired, closed, or not the script it was. Pure.

import type { Decision } from "../steps/context.ts";
import { shownHash } from "./binding.ts";
import type { RunRecord } from "./record.ts";
import { planKey, type PlanRecord } from "./plan-record.ts";
import { code, inline } from "./render/text.ts";

/** Ends the run without its script; the message is Markdown for the thread. */
export class PlanEnded extends Error {
  override readonly name = "PlanEnded";
  readonly status: "cancelled" | "failed";

  constructor(status: PlanEnded["status"], message: string) {
    super(message);
    this.status = status;
  }
}

const NOTHING_RAN = "Nothing of it ran and nothing was changed.";

export function declined({ hash }: PlanRecord, { by, comment }: Decision): PlanEnded {
  const plan = code(shownHash(hash));
  if (by === null) {
    const again = "Post the command again for a plan of today's repository.";
    return new PlanEnded(
      "cancelled",
      `Nobody approved plan ${plan} in time. ${NOTHING_RAN} ${again}`,
    );
  }
  const why = comment === "" ? "" : `: ${inline(comment, 500)}`;
  return new PlanEnded("cancelled", `Plan ${plan} was rejected by ${by}${why}. ${NOTHING_RAN}`);
}

/** Why a plan that somebody replaced by another one does not run. */
export const REPLACED = "a newer plan takes its place";

/** Whether the run ended for a newer plan: then what it said is of yesterday. */
export const isReplaced = ({ plan, questions }: Pick<RunRecord, "plan" | "questions">): boolean =>
  plan !== null &&
  questions.some(
    ({ key, decision }) =>
      key === planKey(plan.hash) && decision?.approved === false && decision.comment === REPLACED,
  );

/** Nothing starts and nothing goes on where Fanfold is switched off. */
export const closedNow = (why: string): PlanEnded =>
  new PlanEnded("cancelled", `${why}\n\nThe run ends here; what was finished is kept.`);

/** Somebody or something changed the script between plan and start. */
export const scriptChanged = (): PlanEnded =>
  new PlanEnded(
    "failed",
    `The script on the bot's disk is **not the one that was planned**, so it was not run. ${NOTHING_RAN} Post the command again; whoever runs this bot should look at who can write to its data folder.`,
  );
