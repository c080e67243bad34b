// The final pull request: one screen of facts first, everything else in folds. Facts come from the journal, prose of models is marked. Pure.

import type { LineCount } from "../../repo/line-counts.ts";
import { heldPaths } from "../ask-first.ts";
import { shownHash } from "../binding.ts";
import type { Meeting } from "../meetings.ts";
import { runMarker } from "../names.ts";
import type { Provenance } from "../provenance.ts";
import type { Publications } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { renderAreas } from "./areas.ts";

import { renderNotDone, renderReviewed, renderVerified } from "./final-facts.ts";
import { renderMeetings } from "./meetings.ts";
import { renderProvenance } from "./provenance.ts";
import { workerMark } from "./progress-tables.ts";
import { renderReceipt } from "./receipt.ts";
import { harmless } from "./harmless.ts";
import { code, counted, cut, folded, inline, paragraphs } from "./text.ts";

const BODY_CHARS_MAX = 60_000;
const TITLE_CHARS_MAX = 200;
const PARTS_SHOWN = 150;
const PART_FILES_SHOWN = 6;
const HELD_SHOWN = 10;

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
  /** What the whole of it changes. */
  counts: readonly LineCount[];
  /** Which change made each hunk of it, and where all of them can be read when they do not fit. */
  provenance: { hunks: Provenance; page: string | null };
  /** The repository's own template for pull requests. */
  template: string | null;
}

export function renderFinalPull(input: FinalPullInput): { title: string; body: string } {
  const { record, publications, synthesis, report } = input;
  const title = synthesis?.title ?? record.script?.title ?? record.task;
  const body = paragraphs(
    runMarker(record.id),
    input.template === null ? null : `${input.template}\n\n---`,
    what(input),
    input.moved,
    `## Changes\n\n${renderAreas(input.counts)}`,
    renderMeetings(input.meetings, publications),
    `## How it was verified\n\n${renderVerified(publications, input.pulls)}`,
    `## Reviews\n\n${renderReviewed(publications)}`,
    `## Not done\n\n${renderNotDone(publications)}`,
    `## Risk & undo\n\n${said(synthesis?.risks)}${risk(input)}`,
    parts(input),
    report === null ? null : folded("What the script reported", cut(report, 20_000)),
    renderReceipt(record, publications),
    hashes(record),
    "<sub>What stands in prose was written by models; tables and numbers by code.</sub>",
  );
  return {
    title: inline(title, TITLE_CHARS_MAX),
    body: paragraphs(cut(body, BODY_CHARS_MAX), mark(record)),
  };
}

const mark = ({ id, plan, base }: RunRecord): string =>
  `<!-- fanfold:run=${id} plan=${plan?.hash ?? ""} base=${base?.commit ?? ""} -->`;

const what = ({ record: { requester, thread, task }, synthesis }: FinalPullInput): string =>
  `## What & why\n\n${said(synthesis?.summary)}Asked for by ${requester.login} in #${thread}: ${code(inline(task, 300))}`;

const said = (words: string | undefined): string =>
  words === undefined || words === "" ? "" : `${harmless(words)}\n\n`;

/** Which worker made what, where it is and where it was reviewed; then the same hunk by hunk. */
function parts({ publications, pulls, provenance }: FinalPullInput): string {
  const { workers } = publications;
  const rows = workers.slice(0, PARTS_SHOWN).map((worker) => {
    const { change } = worker;
    const pull = pulls.get(change.id);
    const sum = (side: "additions" | "deletions"): number =>
      change.files.reduce((total, file) => total + file[side], 0);
    const files = change.files.slice(0, PART_FILES_SHOWN).map(({ path }) => code(path));
    const more = change.files.length - files.length;
    const where = pull === undefined ? code(change.branch) : `[#${pull.number}](${pull.url})`;
    return `| ${workerMark(worker)} | ${inline(change.label, 80)} | ${files.join(", ")}${more > 0 ? ` and ${more} more` : ""} | +${sum("additions")} −${sum("deletions")} | ${where} | ${code(change.head.slice(0, 12))} |`;
  });
  const hidden = workers.length - rows.length;
  return folded(
    `Workers & provenance: ${counted(workers.length, "part")}, who made which hunk`,
    paragraphs(
      [
        "| | Part | Files | Lines | Reviewed in | Commit of its worker |",
        "|---|---|---|---|---|---|",
        ...rows,
      ].join("\n"),
      hidden > 0 ? `… and ${counted(hidden, "part")} more.` : null,
      "Each signed commit names its parts as `Fanfold-Worker`.",
      renderProvenance({
        publications,
        pulls,
        provenance: provenance.hunks,
        page: provenance.page,
      }),
    ),
  );
}

function risk({ record, counts }: FinalPullInput): string {
  const held = heldPaths(counts);
  const shown = held.slice(0, HELD_SHOWN).map(code).join(", ");
  const more = held.length > HELD_SHOWN ? ` and ${held.length - HELD_SHOWN} more` : "";
  return [
    "- Protected paths: none is touched, by the trees of these commits.",
    ...(held.length === 0
      ? []
      : [
          `- ⚠️ **Decides what CI and installs execute**: ${shown}${more}.${openedBy(record)} Read these first.`,
        ]),
    `- Before a merge: ${code(`/workflow undo ${record.id}`)} in #${record.thread} closes this and takes back what the run made.`,
    `- After one: ${code("git revert -m 1 COMMIT")} with the merge's commit, or the button **Revert**. Nothing is merged until a person does it.`,
  ].join("\n");
}

/** Who let it through, where the run had to ask. */
function openedBy({ questions }: RunRecord): string {
  const asked = questions.find(({ key }) => key.startsWith("finish:open:"));
  const by = asked?.decision?.approved === true ? asked.decision.by : null;
  return by === null ? "" : ` ${by} agreed to open it.`;
}

function hashes({ script, plan, base, id }: RunRecord): string {
  const lines = [
    `- Run ${code(id)}`,
    script === null
      ? null
      : `- Script ${code(script.sha256)} (${inline(script.workflow, 80)}, ${script.origin})`,
    plan === null
      ? null
      : `- Plan ${code(shownHash(plan.hash))}, bound to script, arguments, commits, limits and settings by ${code(plan.hash)}`,
    base === null ? null : `- Built on ${code(`${base.branch}@${base.commit}`)}`,
  ];
  return folded("Script & plan hash", lines.filter((line) => line !== null).join("\n"));
}
