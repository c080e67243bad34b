// The one comment of a run in its thread: plan, progress, result. Pure: the same state gives the same text.

import { sumUsage, tokensOf } from "../../steps/outcome.ts";
import { openChecksOf, waitsForChecks } from "../branch-checks.ts";
import { runMarker } from "../names.ts";
import type { WorkerPublication } from "../publications.ts";
import type { Held } from "../../world/forge.ts";
import type { RunRecord } from "../record.ts";
import { whereOf } from "../spot.ts";
import { agentsIn, type RunView } from "../view.ts";
import { baseName } from "./base.ts";
import { defused } from "./harmless.ts";
import { renderLog } from "./log.ts";
import { nextCommands, renderHold } from "./hold.ts";
import { fitsComment, renderPlan, waitingPlan } from "./plan.ts";
import { phaseTable, workerTable } from "./progress-tables.ts";
import { renderProposal } from "./proposal.ts";
import { questionLine } from "./question.ts";
import { renderUndo } from "./undo.ts";
import {
  clockTime,
  code,
  codeLine,
  counted,
  cut,
  duration,
  fenced,
  folded,
  inline,
  money,
  paragraphs,
  thousands,
  firstLine,
} from "./text.ts";

/** GitHub refuses bodies over 65,536 characters; ours stay below with room for what GitHub adds. */
const COMMENT_CHARS_MAX = 60_000;
const QUESTIONS_MAX = 20;

export interface ProgressInput {
  record: RunRecord;
  view: RunView;
  workers: readonly WorkerPublication[];
  /** Pull request of each worker that has one, by change id. */
  pulls: ReadonlyMap<string, { number: number; url: string }>;
  /** Somebody moved or deleted this branch. */
  isLeftAlone: (branch: string) => boolean;
  script: string | null;
  /** What GitHub asked to wait with. */
  held: Held | null;
  /** What the script reported, as Markdown; shown when the run has ended. */
  report: string | null;
  now: number;
  /** Page of a worker's branch, or of its newest commit when no branch is shown. */
  pageOf: (change: { branch: string; head: string }) => string;
  checkpointRef: string;
}

/** Renders the comment, at most `COMMENT_CHARS_MAX` characters, script and report cut first. */
export function renderProgress(input: ProgressInput): string {
  const fixed = paragraphs(
    runMarker(input.record.id),
    heading(input.record),
    request(input.record),
    notes(input.record),
    renderUndo(input.record),
    input.record.undo?.done == null ? input.record.statusDetail : null,
    renderHold(input.record, input.view),
    waiting(input),
    renderPlan(input.record),
    questions(input.record),
    branchChecks(input.record),
    waitingPlan(input.record) === null ? phaseTable(input.view) : null,
    workerTable(input),
    receipt(input),
  );
  return paragraphs(fixed, ...longParts(input, fixed.length), footer(input));
}

/** What is cut to the room that is left, in the order of who gets it first. */
function longParts(input: ProgressInput, taken: number): (string | null)[] {
  const room = COMMENT_CHARS_MAX - taken - 400;
  const report = input.report === null ? null : cut(input.report, Math.max(0, room));
  const log = renderLog(input.view.logs, room - (report?.length ?? 0));
  const left = room - (report?.length ?? 0) - (log?.length ?? 0);
  const proposal = renderProposal(input.record, left - 200);
  const script = scriptFold(input, left - (proposal?.length ?? 0));
  return [proposal, report, log, script];
}

export const TITLES = {
  planning: "🧭 Planning",
  running: "⏳ Running",
  waiting: "✋ Waiting for a decision",
  paused: "⏸️ Paused",
  publishing: "📤 Publishing",
  completed: "✅ Completed",
  degraded: "⚠️ Completed in part",
  failed: "❌ Failed",
  cancelled: "⏹️ Cancelled",
} as const satisfies Record<RunRecord["status"], string>;

/** Of a run in one line: a run that waits for CI waits for nobody's word. */
export const titleOf = (record: RunRecord): string =>
  waitsForChecks(record) ? "🔬 Waiting for the repository's checks" : TITLES[record.status];

/** The run's title behind what is said of it; where nothing is given, behind where it stands. */
export function heading(record: RunRecord, said: string | null = null): string {
  const title = inline(record.script?.title ?? firstLine(record.task));
  if (said !== null) return `### ${said}: ${title}`;
  if (record.undo?.done != null) return `### ↩️ Undone: ${title}`;
  const waiting = waitingPlan(record);
  if (record.status !== "waiting" || waiting === null) return `### ${titleOf(record)}: ${title}`;
  return `### 📝 Plan ${code(waiting.question.id)} waits for approval: ${title}`;
}

export const notes = ({ notes: said }: RunRecord): string | null =>
  said.length === 0 ? null : said.map((note) => `ℹ️ ${note}`).join("\n");

/** What was asked for, by whom, and within what. */
export function request(record: RunRecord): string {
  const base =
    record.base === null
      ? ""
      : ` · base ${code(`${baseName(record.base)}@${record.base.commit.slice(0, 7)}`)}`;
  const cap = record.limits.budgetUsd === null ? "" : ` · cap ${money(record.limits.budgetUsd)}`;
  const check = record.check === null ? "" : ` · [check](${record.check.url})`;
  const at = record.place === null ? "" : ` · on ${code(whereOf(record.place))}`;
  return `> ${asked(record)}\n\nRequested by ${record.requester.login}${at}${base}${cap} · run ${code(record.id)}${check}`;
}

/** The command as it was typed, in which nobody is called and nothing commands; what nobody typed is put together from its task. */
function asked({ line, task }: RunRecord): string {
  const [, name = "/workflow", rest = firstLine(task)] =
    /^(\/\w+)\s+(.*)$/su.exec(line ?? "") ?? [];
  return codeLine(cut(`${name} ${defused(rest)}`.replace(/\s+/gu, " "), 300));
}

function waiting({ view, held }: ProgressInput): string | null {
  if (view.waiting !== null) return `**Waiting**: ${view.waiting}`;
  if (held === null) return null;
  return `**GitHub asked us to wait ${Math.ceil(held.askedMs / 1000)} s**: no further ${held.what} before ${clockTime(held.until)}. The run goes on, and what it makes meanwhile is shown then.`;
}

function questions({ questions: asked }: RunRecord): string | null {
  const open = asked.filter(({ decision, key }) => decision === null && !key.startsWith("plan:"));
  if (open.length === 0) return null;
  const more = open.length - QUESTIONS_MAX;
  const lines = open.slice(0, QUESTIONS_MAX).map((question) => `- ${questionLine(question)}`);
  if (more > 0) lines.push(`- … and ${more} more`);
  return `**Waits for a decision** (\`/workflow approve ID\` or \`/workflow reject ID\`):\n\n${lines.join("\n")}`;
}

function branchChecks(record: RunRecord): string | null {
  const open = openChecksOf(record);
  if (open.length === 0) return null;
  const names = open.slice(0, QUESTIONS_MAX).map(({ change }) => code(change));
  const more = open.length - names.length;
  return `**Waits for the repository's own checks** on ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}; the run holds nothing meanwhile.`;
}

export function receipt({
  record,
  view,
  now,
}: Pick<ProgressInput, "record" | "view" | "now">): string {
  const agents = agentsIn(view);
  const usage = sumUsage(agents);
  const cap = record.limits.budgetUsd === null ? "" : ` of ${money(record.limits.budgetUsd)}`;
  const lost = agents.filter(({ state }) => state === "failed");
  const time = duration((record.endedAt ?? now) - record.createdAt);
  const line = `${counted(agents.length, "agent")} · ${thousands(tokensOf(usage))} tokens · ${money(usage.costUsd)}${cap} · ${time}`;
  if (lost.length === 0) return line;
  const reasons = lost
    .slice(0, 5)
    .map(
      ({ label, reason }) => `- ${inline(label, 60)}: ${inline(reason ?? "no reason given", 200)}`,
    );
  return `${line}\n\n**${lost.length} of ${counted(agents.length, "agent")} failed:**\n${reasons.join("\n")}`;
}

function scriptFold({ script, record }: ProgressInput, room: number): string | null {
  if (script === null || record.script === null) return null;
  const lines = script.split("\n").length;
  const hash = record.script.sha256.slice(0, 12);
  const origin = {
    repository: "saved in this repository",
    "built-in": "built in",
    authored: "written for this task",
  }[record.script.origin];
  const block = fenced(script, "js");
  const summary = `Script <code>${hash}</code> (${counted(lines, "line")}, ${origin}; it runs without network, files or clock)`;
  if (block.length < room && fitsComment(script)) return folded(summary, block);
  const link = record.plan?.readAt ?? null;
  const place = "<code>script.js</code> in the checkpoint";
  return `${summary}: too long for a comment; it is ${link === null ? place : `[${place}](${link})`}.`;
}

function footer({ record, checkpointRef }: ProgressInput): string {
  return `<sub>${nextCommands(record)} · checkpoint ${code(checkpointRef)}</sub>`;
}
