// What we say about schedules and findings: what became of a wish, and of a word on a finding. Pure.

import type { DismissalAnswer, ScheduleAnswer } from "./schedule-desk.ts";
import { codeSpan } from "./text.ts";
import { unreachable } from "./unreachable.ts";

/** What became of a wish for a schedule. */
export function wished(answer: ScheduleAnswer): string {
  switch (answer.kind) {
    case "done":
      return done(answer);
    case "started":
      return `Run ${codeSpan(answer.run)} of the schedule ${codeSpan(answer.name)} is started. It speaks in [the schedule's issue](${answer.issue}).`;
    case "not-now":
      return `😕 The schedule ${codeSpan(answer.name)} cannot start now, and nothing was started. ${answer.why}`;
    case "unknown": {
      const known = answer.known.map((name) => codeSpan(name)).join(", ");
      const there =
        known === "" ? "There is none in `.github/fanfold.yml`." : `There are: ${known}.`;
      return `😕 I know no schedule ${codeSpan(answer.name)} here, and nothing was changed. ${there}`;
    }
    default:
      return unreachable(answer);
  }
}

function done({ act, name, next, issue }: Extract<ScheduleAnswer, { kind: "done" }>): string {
  const where = issue === null ? "" : ` Its report: ${issue}.`;
  if (act === "pause") {
    return `The schedule ${codeSpan(name)} starts no more until ${codeSpan(`/workflow schedule resume ${name}`)}. A run of it that is at work goes on.${where}`;
  }
  const coming = next === null ? "" : ` It starts next: ${next}.`;
  return `The schedule ${codeSpan(name)} goes on.${coming}${where}`;
}

/** What became of a word on a finding. */
export function dismissed(answer: DismissalAnswer): string {
  switch (answer.kind) {
    case "dismissed":
      return `${named(answer)} is dismissed and stays so; ${codeSpan(`/workflow undismiss ${answer.id}`)} takes it back.${report(answer.issue)}`;
    case "undismissed":
      return `${named(answer)} counts again.${report(answer.issue)}`;
    case "no-change":
      return `${named(answer)} is not dismissed, so nothing was changed.`;
    case "unknown":
      return `😕 No report of this repository has a finding ${codeSpan(answer.id)}. Nothing was changed. Ids stand in the first column of a report: \`/workflow schedule list\` shows where the reports are.`;
    default:
      return unreachable(answer);
  }
}

const named = ({ id, title }: { id: string; title: string }): string =>
  `Finding ${codeSpan(id)} (${codeSpan(title, 120)})`;

const report = (issue: string | null): string => (issue === null ? "" : ` The report: ${issue}.`);
