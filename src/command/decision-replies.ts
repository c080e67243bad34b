// What we say about a person's word on a plan or a question. Pure: data in, Markdown out.

import type { Deciding } from "./run-desk.ts";
import { codeSpan } from "./text.ts";
import { unreachable } from "./unreachable.ts";

/** What became of somebody's word on a plan or a question. */
export function decided(outcome: Deciding): string {
  switch (outcome.kind) {
    case "decided":
      return outcome.what === "plan" ? planDecided(outcome) : questionDecided(outcome);
    case "decided-before": {
      const who = outcome.by === null ? "its time ran out" : `${outcome.by} decided`;
      return `😕 ${codeSpan(outcome.id)} is not open any more: ${who} (${outcome.approved ? "approved" : "not approved"}), and that stands. Nothing was changed.`;
    }
    case "unnamed-plan":
      return `😕 An approval names the plan it is for, so that nobody approves what they did not read. Nothing was approved. Read the plan above; if it is the right one: ${codeSpan(`/workflow approve ${outcome.id}`)}`;
    case "not-shown":
      return `😕 The script of plan ${codeSpan(outcome.id)} cannot be read in this thread in full yet, and nobody can approve what they cannot read. Nothing was approved. Try again in a minute; if it stays so, ${codeSpan(`/workflow reject ${outcome.id}`)} ends the plan.`;
    case "needs-another":
      return `😕 ${outcome.requester} asked for plan ${codeSpan(outcome.id)}, and in this repository somebody else has to approve it (\`approval.twoPeople\` in \`.github/fanfold.yml\`). Nothing was approved; the plan goes on waiting.`;
    case "nothing-asked":
      return "😕 No run waits for a decision in this thread, so there is nothing to decide. `/workflow status` shows what runs.";
    case "which": {
      const open = outcome.open
        .slice(0, 20)
        .map(({ id, text }) => `- ${codeSpan(id)}: ${codeSpan(text, 120)}`);
      return `😕 I do not guess what you mean. Nothing was decided. Put the id behind the command; these are open:\n\n${open.join("\n")}`;
    }
    default:
      return unreachable(outcome);
  }
}

type Decided = Extract<Deciding, { kind: "decided" }>;

function questionDecided({ id, run, approved }: Decided): string {
  return `${approved ? "Approved" : "Rejected"}: question ${codeSpan(id)}. Run ${codeSpan(run)} goes on.`;
}

function planDecided({ id, run, approved }: Decided): string {
  return approved
    ? `Approved: plan ${codeSpan(id)}. Run ${codeSpan(run)} starts if nothing it is bound to changed meanwhile; its comment says so.`
    : `Rejected: plan ${codeSpan(id)}. Run ${codeSpan(run)} ends without having changed anything.`;
}
