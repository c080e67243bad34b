// A plan as people read it before it runs: phases, agents, cost, what it writes, what an approval is for. Pure.

import { BASIS } from "../../preview/cost.ts";
import { resultBranchOf, RUN_REFS } from "../../repo/refs.ts";
import { shownHash } from "../binding.ts";
import type { QuestionRecord, RunRecord } from "../record.ts";
import { type Estimate, planKey, type PlanRecord } from "../plan-record.ts";
import { baseName } from "./base.ts";
import { code, counted, cut, fenced, folded, inline, money, paragraphs } from "./text.ts";

const PHASE_ROWS_MAX = 40;
const VOID_SHOWN_MAX = 5;
/** Characters of a script that stands in the comment itself; the rest of a comment is shorter than 20,000. */
const SCRIPT_CHARS_MAX = 40_000;

/** Whether a script stands whole in the comment: what does not has to be read behind a link. */
export const fitsComment = (script: string): boolean =>
  fenced(script, "js").length <= SCRIPT_CHARS_MAX;

/** The plan that waits for a person, with its question; null when none does. */
export function waitingPlan(
  record: RunRecord,
): { plan: PlanRecord; question: QuestionRecord } | null {
  const { plan, questions } = record;
  if (plan === null || plan.asks === null || plan.started) return null;
  const question = questions.find(({ key }) => key === planKey(plan.hash));
  return question === undefined || question.decision !== null ? null : { plan, question };
}

/** All there is to say about the plan, long while it waits and short afterwards; null while there is none. */
export function renderPlan(record: RunRecord): string | null {
  const { plan } = record;
  const gone = voided(record);
  if (plan === null) return gone;
  const waiting = waitingPlan(record);
  if (waiting === null) return paragraphs(gone, brief(record, plan), warning(plan));
  return paragraphs(
    gone,
    warning(plan),
    phaseTable(plan.estimate),
    total(record, plan),
    writes(record, plan.estimate),
    next(record, waiting),
    argumentsFold(record),
    boundFold(record, plan),
  );
}

function voided({ voidPlans }: RunRecord): string | null {
  if (voidPlans.length === 0) return null;
  return voidPlans
    .slice(-VOID_SHOWN_MAX)
    .map(
      ({ hash, changes }) =>
        `Plan ${code(shownHash(hash))} is **void**, since something it was approved for changed: ${changes.join("; ")}.`,
    )
    .join("\n\n");
}

function brief({ questions }: RunRecord, { hash, estimate }: PlanRecord): string {
  const decision = questions.find(({ key }) => key === planKey(hash))?.decision ?? null;
  const who =
    decision?.approved === true && decision.by !== null ? `, approved by ${decision.by}` : "";
  return `Plan ${code(shownHash(hash))}${who}: ${about(estimate)}, ${range(estimate)} expected.`;
}

/** Advice, not a refusal (dialect P57). */
function warning({ large, estimate }: PlanRecord): string | null {
  if (large.length === 0) return null;
  return `⚠️ **Large workflow**: ${large.join("; ")}. Expect ${range(estimate)}.`;
}

function about({ agents, exact, trouble }: Estimate): string {
  if (trouble !== null && agents === 0) return "agents unknown";
  const count = counted(agents, "agent");
  return exact ? count : trouble === null ? `about ${count}` : `at least ${count}`;
}

const range = ({ lowUsd, highUsd }: { lowUsd: number; highUsd: number }): string =>
  lowUsd === highUsd ? money(lowUsd) : `${money(lowUsd)}–${money(highUsd)}`;

const WRITES = {
  nothing: "nothing",
  reviews: "review comments",
  branches: "a branch or ref for each change",
} as const;

function phaseTable({ phases }: Estimate): string | null {
  if (phases.length === 0) return null;
  const rows = phases
    .slice(0, PHASE_ROWS_MAX)
    .map(
      (phase) =>
        `| ${inline(phase.title, 80)} | ${phase.agents} | ${range(phase)} | ${WRITES[phase.writes]} |`,
    );
  const more = phases.length - PHASE_ROWS_MAX;
  if (more > 0) rows.push(`| … and ${counted(more, "more phase")} | | | |`);
  return ["| Phase | Agents | Estimated cost | Writes |", "|---|---|---|---|", ...rows].join("\n");
}

function basisOf({ past }: Estimate, script: RunRecord["script"]): string {
  if (past === null) return BASIS;
  const { runs, preview } = past;
  return `what ${runs === 1 ? "the last run" : `the last ${runs} runs`} of ${code(script?.workflow ?? "")} cost here; by its preview, ${range(preview)}`;
}

function total({ limits, script }: RunRecord, { estimate }: PlanRecord): string {
  const trouble =
    estimate.trouble === null
      ? ""
      : `\n\nThe preview did not come to the script's end (${inline(estimate.trouble, 200)}): there may be more.`;
  const cap = limits.budgetUsd === null ? "" : ` of ${money(limits.budgetUsd)}`;
  const isOneOfMany = !estimate.exact && estimate.past === null && estimate.phases.length > 0;
  const courses = isOneOfMany
    ? "the rows are one course, the range is over all that the preview tried; "
    : "";
  return `**${about(estimate)}, ${range(estimate)}${cap}** (${courses}basis: ${basisOf(estimate, script)})${trouble}`;
}

function writes(record: RunRecord, { phases }: Estimate): string {
  const { id, base, settings, opensPull } = record;
  const pull = opensPull
    ? "**one draft pull request** into"
    : "a link that opens a pull request into";
  const onIt = opensPull ? ", with the reviews on it" : "";
  if (!phases.some((phase) => phase.writes === "branches")) {
    return `It writes this comment and nothing else, unless its agents edit files after all; then ${opensPull ? "one draft pull request" : "one branch"} shows what.`;
  }
  if (base?.fork !== undefined) {
    return "It writes branches that CI is kept away from, and **opens no pull request**: this one comes from a fork, into which nothing is pushed.";
  }
  const into = code(base?.branch ?? "");
  const rest =
    "Nothing is merged, and files that steer CI, reviews, agents or package managers are left alone.";
  if (settings.branches === "hidden") {
    return `It writes hidden refs ${code(`${RUN_REFS}${id}/w/…`)}, one branch, and ${pull} ${into}${onIt}. ${rest}`;
  }
  const branch = code(`${resultBranchOf(id).replace(/result$/u, "")}…`);
  return `It writes branches ${branch}, reviews on them, and ${pull} ${into}. ${rest}`;
}

function next(
  { script, settings, waitsForApproval, check }: RunRecord,
  { plan, question }: { plan: PlanRecord; question: QuestionRecord },
): string {
  const { id, expiresAt } = question;
  const until = new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ");
  const two = settings["approval.twoPeople"] ? " by somebody else than the requester" : "";
  const lines = [
    `**It waits for approval${two}**, because ${plan.asks}. Until ${until} UTC; then it ends, and nothing was done.`,
    "",
    `- Approve exactly this plan: ${code(`/workflow approve ${id}`)}${check === null ? "" : `, or **Approve** in [its check run](${check.url})`}`,
    `- End it: ${code(`/workflow reject ${id} because …`)}`,
    `- Change it: ${code("/workflow plan …")} makes a new plan in its place`,
  ];
  const isSaved = script !== null && script.origin !== "authored";
  if (isSaved && !waitsForApproval) {
    const trusted = `approval: { trusted: [${JSON.stringify(script.workflow)}] }`;
    lines.push(
      `- Never be asked again for ${code(script.workflow)}: ${code(trusted)} in ${code(".github/fanfold.yml")}`,
    );
  }
  return lines.join("\n");
}

function argumentsFold({ args }: RunRecord): string | null {
  if (args === undefined) return null;
  return folded("Arguments", fenced(cut(JSON.stringify(args, null, 2), 8_000), "json"));
}

function boundFold({ base, limits }: RunRecord, { bound, hash }: PlanRecord): string {
  const rows = [
    ["script", code(bound.script.slice(0, 16))],
    ["arguments", code(bound.args.slice(0, 16))],
    ["built upon", code(`${baseName(base)}@${bound.head}`)],
    ["workflows and rules from", code(bound.rules)],
    ["ceiling of agents, cap", `${limits.agents}, ${money(limits.budgetUsd)}`],
    ["settings", code(bound.settings.slice(0, 16))],
  ];
  const table = [
    "| Bound to | |",
    "|---|---|",
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ];
  const what =
    "An approval holds for these and for this run alone; when one of them changes before the start, the plan is void and a new one is shown.";
  return folded(
    `What an approval of <code>${shownHash(hash)}</code> is bound to`,
    `${table.join("\n")}\n\n${what} Whole hash: ${code(hash)}`,
  );
}
