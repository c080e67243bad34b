// Title and body of a worker's own pull request, and why a change is not in the final one. Pure.

import { isBehind } from "../../steps/ledger.ts";
import type { WorkerPublication } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { harmless } from "./harmless.ts";
import { code, cut, inline, paragraphs } from "./text.ts";

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
