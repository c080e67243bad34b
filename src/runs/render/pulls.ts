// Titles and bodies of the pull requests a run opens. Facts come from the journal, prose of models is marked as such. Pure.

import { isBehind } from "../../steps/ledger.ts";
import { runMarker } from "../names.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import type { Meeting } from "../meetings.ts";
import { renderMeetings } from "./meetings.ts";
import { workerMark } from "./progress.ts";
import { lostAgents, renderReceipt } from "./receipt.ts";
import { code, counted, cut, folded, harmless, inline, paragraphs } from "./text.ts";

const BODY_CHARS_MAX = 60_000;
const TITLE_CHARS_MAX = 200;

/** A worker's own pull request, where its reviewers comment. */
export function renderWorkerPull(
  record: RunRecord,
  worker: WorkerPublication,
): { title: string; body: string } {
  const { change } = worker;
  const body = paragraphs(
    `<!-- fanfold:run=${record.id}:worker=${change.id} -->`,
    `One worker's part of run ${code(record.id)}, asked for in #${record.thread}. It is reviewed here and folded into the run's own branch; there is nothing to merge by hand.`,
    `**What it says it did**\n\n${quoted(change.summary)}`,
    `**What it was asked**\n\n${quoted(cut(change.requirement, 8_000))}`,
    fileList(worker),
  );
  return {
    title: inline(`[${record.id}] ${change.label}`, TITLE_CHARS_MAX),
    body: cut(body, BODY_CHARS_MAX),
  };
}

export interface FinalPullInput {
  record: RunRecord;
  publications: Publications;
  /** The synthesizer's words; null when it failed: facts alone are posted then. */
  synthesis: { title: string; summary: string; risks: string } | null;
  report: string | null;
  /** What became of the base since the run began, in a sentence; null when nothing did. */
  moved: string | null;
  pulls: ReadonlyMap<string, { number: number; url: string }>;
  meetings: readonly Meeting[];
}

/** The final pull request: one screen of facts first, everything else in folds. */
export function renderFinalPull(input: FinalPullInput): { title: string; body: string } {
  const { record, synthesis } = input;
  const title = synthesis?.title ?? record.script?.title ?? record.task;
  const body = paragraphs(
    runMarker(record.id),
    `## What & why\n\n${synthesis === null ? "" : `${harmless(synthesis.summary)}\n\n`}Asked for by ${record.requester.login} in #${record.thread}: ${code(inline(record.task, 300))}`,
    input.moved,
    `## Changes\n\n${changeTable(input)}`,
    renderMeetings(input.meetings, input.publications),
    `## How it was verified\n\n${verification(input.publications)}`,
    reviewSection(input.publications),
    coverage(input),
    `## Risk & undo\n\n${synthesis === null ? "" : `${harmless(synthesis.risks)}\n\n`}Nothing is merged until a person does it. To undo after a merge: ${code("git revert -m 1 <merge commit>")}. No protected path is touched.`,
    input.report === null ? null : folded("What the script reported", cut(input.report, 20_000)),
    renderReceipt(record, input.publications),
    `<sub>Run ${code(record.id)} · script ${code(record.script?.sha256.slice(0, 12) ?? "")} · base ${code(record.base?.commit.slice(0, 12) ?? "")}. What stands in quotes was written by models; tables and numbers by code.</sub>`,
  );
  return { title: inline(title, TITLE_CHARS_MAX), body: cut(body, BODY_CHARS_MAX) };
}

function changeTable({ publications, pulls }: FinalPullInput): string {
  const rows = publications.workers.map((worker) => {
    const pull = pulls.get(worker.change.id);
    const lines = worker.change.files.reduce(
      (sum, file) => ({ added: sum.added + file.additions, removed: sum.removed + file.deletions }),
      { added: 0, removed: 0 },
    );
    const files = worker.change.files
      .map(({ path }) => code(path))
      .slice(0, 6)
      .join(", ");
    const where =
      pull === undefined ? code(worker.change.branch) : `[#${pull.number}](${pull.url})`;
    return `| ${workerMark(worker)} | ${inline(worker.change.label, 80)} | ${files} | +${lines.added} −${lines.removed} | ${where} |`;
  });
  return ["| | Part | Files | Lines | Reviewed in |", "|---|---|---|---|---|", ...rows].join("\n");
}

function verification({ workers }: Publications): string {
  const folded_ = workers.filter(({ change }) => change.folded);
  const reviewed = folded_.filter(({ reviews }) => reviews.length > 0);
  const revised = workers.filter(
    ({ reviews }) => new Set(reviews.map(({ reviewed: { head } }) => head)).size > 1,
  );
  return [
    `- ${counted(reviewed.length, "part")} of ${folded_.length} folded in were accepted by independent reviewers who saw only the requirement and the diff.`,
    `- ${counted(revised.length, "part")} went through at least one revision.`,
    "- No test of this repository was run by Fanfold: its own CI does that, on this pull request.",
  ].join("\n");
}

function reviewSection({ workers }: Publications): string {
  const last = workers.flatMap(({ reviews }) => reviews);
  const findings = last.flatMap(({ reviewed }) => reviewed.findings);
  const blocking = findings.filter(({ severity }) => severity === "blocking").length;
  const unverified = workers.filter(
    ({ change }) => change.verdict?.verdict === "unverified",
  ).length;
  const unreviewed = workers.filter(
    ({ change, reviews }) => change.folded && reviews.length === 0,
  ).length;
  return `## Reviews\n\n${counted(last.length, "review")}, ${counted(findings.length, "finding")} (${blocking} blocking), **${unverified} unverified**, ${unreviewed} folded in without a review.`;
}

function coverage({ publications }: FinalPullInput): string {
  const left = publications.workers.filter(({ change }) => !change.folded || isBehind(change));
  const failed = publications.records.flatMap(({ record }) =>
    record.kind === "unchanged" ? [record] : [],
  );
  const read = new Set(
    publications.records.flatMap(({ record }) => ("read" in record ? record.read : [])),
  );
  const lost = lostAgents(publications);
  const nothing =
    left.length + failed.length + lost.length === 0 ? ["- Nothing was left out."] : [];
  const lines = [
    `- ${counted(read.size, "file")} read by agents.`,
    ...lost,
    ...nothing,
    ...left.map((worker) => `- Left out: ${inline(worker.change.label, 80)}: ${reasonFor(worker)}`),
    ...failed.map(
      ({ label, reason }) => `- Without a change: ${inline(label, 80)}: ${inline(reason, 200)}`,
    ),
  ];
  return `## Coverage, and what is not done\n\n${lines.join("\n")}`;
}

/** Why a change, or its newest version, is not in the trunk, in words. */
export function reasonFor(worker: WorkerPublication): string {
  if (isBehind(worker.change))
    return `it was revised after it was folded in; the pull request holds ${code(worker.change.foldedHead?.slice(0, 7) ?? "")}, the branch the later version`;
  if (worker.leftOut !== null) return inline(worker.leftOut.reason, 300);
  const verdict = worker.change.verdict?.verdict;
  return verdict === undefined ? "the script did not fold it in" : `its reviewers say ${verdict}`;
}

function fileList({ change }: WorkerPublication): string {
  return change.files
    .slice(0, 100)
    .map(({ path, additions, deletions }) => `- ${code(path)} +${additions} −${deletions}`)
    .join("\n");
}

function quoted(text: string): string {
  return harmless(text)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}
