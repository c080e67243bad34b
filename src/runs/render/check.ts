// A run as its check run shows it: where it stands, what it found, and the buttons that fit. Pure.

import type { Annotation, CheckAction, CheckRun, Conclusion } from "../../world/checks.ts";
import type { Publications } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { type RunView } from "../view.ts";
import { waitsForChecks } from "../branch-checks.ts";
import { raisedCap } from "./hold.ts";
import { harmless } from "./harmless.ts";
import { waitingPlan } from "./plan.ts";
import { receipt, titleOf } from "./progress.ts";
import { phaseTable } from "./progress-tables.ts";
import { findingsOf, type FindingRow, isRefuted, renderReportOf } from "./report.ts";
import { cut, firstLine, inline, paragraphs } from "./text.ts";

/** The same for every run, so that a branch's protection can ask for it. */
const NAME = "fanfold";
const TITLE_CHARS_MAX = 255;
const SUMMARY_CHARS_MAX = 60_000;
const ANNOTATIONS_MAX = 200;
const MESSAGE_CHARS_MAX = 2_000;
/** Digits of a plan's hash that a button carries: GitHub takes 20 characters of an identifier. */
const HASH_DIGITS = 12;

export interface CheckInput {
  record: RunRecord;
  view: RunView;
  publications: Publications | null;
  now: number;
  /** What GitHub made us wait for, as a sentence. */
  waited: string | null;
  /** Page of the run's comment. */
  commentUrl: string | null;
}

type Shown = Omit<CheckRun, "headSha">;

/** Under which key a run's check is found, and by which a click names run and thread. */
export const checkKey = ({ id, thread }: Pick<RunRecord, "id" | "thread">): string =>
  `${id}@${thread}`;

export function renderCheck(input: CheckInput): Shown {
  const { record, publications, commentUrl } = input;
  const title = `${titleOf(record)}: ${firstLine(record.script?.title ?? record.task)}`;
  return {
    name: NAME,
    externalId: checkKey(record),
    title: cut(title, TITLE_CHARS_MAX),
    summary: summary(input),
    conclusion: waitsForChecks(record) ? null : conclusionOf(record, publications),
    actions: actionsFor(record),
    annotations: annotationsOf(record, publications),
    ...(commentUrl === null ? {} : { detailsUrl: commentUrl }),
  };
}

function summary({ record, view, publications, now, waited }: CheckInput): string {
  const tail = `<!-- fanfold-result ${JSON.stringify(resultOf(view, publications))} -->`;
  const body = paragraphs(
    `Run \`${record.id}\`, asked for by ${inline(record.requester.login)} in #${record.thread}.`,
    record.statusDetail,
    phaseTable(view),
    receipt({ record, view, now }),
    waited,
    renderReportOf(record, publications?.report?.value),
  );
  return paragraphs(cut(body, SUMMARY_CHARS_MAX - tail.length), tail);
}

/** For machines: what was claimed, what became of it, what it cost. */
function resultOf(view: RunView, publications: Publications | null) {
  const claims = (publications?.records ?? []).flatMap(({ record }) =>
    record.kind === "verified" ? [record.verdict] : [],
  );
  const count = (verdict: string): number => claims.filter((each) => each === verdict).length;
  const spent = [...view.calls.values()]
    .flatMap(({ agents }) => agents)
    .reduce((sum, { usage }) => sum + (usage.costUsd ?? 0), 0);
  return {
    confirmed: count("confirmed"),
    unverified: count("unverified"),
    refuted: count("refuted"),
    spent_usd: Number(spent.toFixed(2)),
  };
}

/** Green means that the work passed, not that a process ended: on a pull request what was found there counts. */
function conclusionOf(record: RunRecord, publications: Publications | null): Conclusion | null {
  switch (record.status) {
    case "planning":
    case "running":
    case "publishing":
      return null;
    case "waiting":
    case "paused":
      return "action_required";
    case "completed":
      return record.isPullRequest ? verdictOf(standing(publications)) : "success";
    case "degraded":
      return "neutral";
    case "failed":
      return "failure";
    case "cancelled":
      return "cancelled";
  }
}

function verdictOf(findings: readonly FindingRow[]): Conclusion {
  if (findings.length === 0) return "success";
  const isGrave = ({ severity, verdict }: FindingRow): boolean =>
    severity === "high" && verdict !== "unverified";
  return findings.some(isGrave) ? "failure" : "neutral";
}

/** What nobody refuted. */
function standing(publications: Publications | null): FindingRow[] {
  const findings = findingsOf(publications?.report?.value);
  return findings.filter((each) => !isRefuted(each));
}

/** They stand on lines of what was looked at: a pull request's own commit. */
function annotationsOf(record: RunRecord, publications: Publications | null): Annotation[] {
  if (!record.isPullRequest || record.endedAt === null) return [];
  return standing(publications)
    .flatMap(({ path, line, title, severity, verdict, evidence }) => {
      if (typeof line !== "number" || line < 1 || verdict === "unverified") return [];
      const level = severity === "high" ? ("failure" as const) : ("warning" as const);
      const message = cut(harmless(evidence ?? title), MESSAGE_CHARS_MAX);
      return [{ path, line, level, title: inline(title, 200), message }];
    })
    .slice(0, ANNOTATIONS_MAX);
}

/** At most three; GitHub shows them once there is a conclusion. */
export function actionsFor(record: RunRecord): CheckAction[] {
  const { status, undo } = record;
  if (undo !== null) return [];
  switch (status) {
    case "waiting":
      return decisions(record);
    case "paused":
      return [goOn(record), LAND, CANCEL];
    case "degraded":
    case "failed":
    case "cancelled":
      return record.base === null ? [] : [RETRY];
    case "planning":
    case "running":
    case "publishing":
    case "completed":
      return [];
  }
}

const button = (label: string, description: string, identifier: string): CheckAction => ({
  label,
  description,
  identifier,
});

const LAND = button("Land", "Finish with what there is", "land");
const CANCEL = button("Cancel", "Stop, and keep what is finished", "cancel");
const RETRY = button("Retry", "Run again what failed", "retry");

/** Where several questions are open, a button would be a guess. */
function decisions(record: RunRecord): CheckAction[] {
  const waiting = waitingPlan(record);
  const open = record.questions.filter(({ decision }) => decision === null);
  const [only, ...more] = open;
  const id = waiting === null ? only?.id : waiting.plan.hash.slice(0, HASH_DIGITS);
  if (id === undefined || more.length > 0) return [CANCEL];
  const what = waiting === null ? `question ${id}` : `exactly plan ${id.slice(0, 8)}`;
  return [
    button("Approve", `Yes to ${what}`, `approve:${id}`),
    button("Reject", `No to ${what}`, `reject:${id}`),
    CANCEL,
  ];
}

function goOn({ pause, limits }: RunRecord): CheckAction {
  if (pause?.by != null || pause?.next === "go-on") {
    return button("Resume", "Go on where it stands", "resume");
  }
  const cap = raisedCap(limits.budgetUsd);
  return button(`Raise to ${cap}`, "Go on with a higher cap", `budget:${cap}`);
}
