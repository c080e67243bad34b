// What holds a run up by somebody's word, and which commands fit where it stands. Pure.

import { isEnded, type RunRecord } from "../record.ts";
import type { PlanRecord } from "../plan-record.ts";
import { agentsIn, type RunView } from "../view.ts";
import { code, counted, moment, money } from "./text.ts";

/** A pause, a cap that is reached, or a wish to land; null when nothing of the kind holds the run up. */
export function renderHold(record: RunRecord, view: RunView): string | null {
  const { status, pause, land } = record;
  if (isEnded(status)) return null;
  if (land !== null) return landing(land, view);
  if (pause === null) return null;
  if (pause.by === null) return atTheCap(record, pause);
  const { login } = pause.by;
  if (status !== "paused") {
    return `**Pausing**, asked for by ${login}: no further agent begins; ${atWork(view)}.`;
  }
  return `**Paused by ${login}**: no agent begins, and waiting costs nothing. What is finished is kept. ${code("/workflow resume")} goes on · ${code("/workflow land")} finishes with what there is.`;
}

function landing({ by }: NonNullable<RunRecord["land"]>, view: RunView): string {
  const who = by === null ? "since nobody raised the cap in time" : `asked for by ${by.login}`;
  return `**Landing**, ${who}: no further agent begins; ${atWork(view)}.`;
}

function atWork(view: RunView): string {
  const working = agentsIn(view).filter(({ state }) => state === "running").length;
  return working === 0 ? "none is at work" : `${counted(working, "agent")} at work may end first`;
}

function atTheCap(
  { limits: { budgetUsd } }: RunRecord,
  { why, until, next }: NonNullable<RunRecord["pause"]>,
): string {
  if (next === "go-on" && until !== null) {
    return `**${why ?? "A cap of the day is reached."}** What is finished is kept, and waiting costs nothing; the run goes on by itself then. ${code("/workflow resume")} tries at once · ${code("/workflow land")} finishes with what there is.`;
  }
  const more = raisedCap(budgetUsd);
  const end = until === null ? "" : ` Without a word it does that by itself at ${moment(until)}.`;
  return `**${why ?? "The run's cap is reached."}** What is finished is kept, and waiting costs nothing. ${code(`/workflow budget ${more}`)} goes on with more · ${code("/workflow land")} finishes with what there is.${end}`;
}

/** The cap that is offered to a run which stands at its own. */
export const raisedCap = (budgetUsd: number | null): string =>
  money(Math.ceil((budgetUsd ?? 1) * 2)).replace(/\.00$/u, "");

/** Where a run stands, as far as commands have to do with it. */
interface Standing extends Pick<RunRecord, "id" | "status" | "pause" | "undo"> {
  plan: Pick<PlanRecord, "asks" | "started"> | null;
}

/** What people may want to type next. */
export function nextCommands({ id, status, pause, undo, plan }: Standing): string {
  const hasRun = plan !== null && (plan.asks === null || plan.started);
  const commands = (): string[] => {
    if (undo?.done != null) return [`retry ${id}`, "help"];
    switch (status) {
      case "completed":
        return [`undo ${id}`, "help"];
      case "degraded":
      case "failed":
      case "cancelled":
        // Of a plan that never began nothing is there to be taken back.
        return [`retry ${id}`, `why ${id}`, ...(hasRun ? [`undo ${id}`] : [])];
      case "paused":
        return [
          pause?.by === null && pause.next === "land" ? "budget $N" : "resume",
          "land",
          "cancel",
        ];
      case "planning":
      case "running":
      case "waiting":
        return hasRun ? ["status", "pause", "land", "cancel"] : ["status", "pause", "cancel"];
      case "publishing":
        return ["status", "cancel"];
    }
  };
  return commands()
    .map((command) => code(`/workflow ${command}`))
    .join(" · ");
}
