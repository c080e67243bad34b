// What became of undoing a run, and what of it has to stay. Pure.

import type { TakenBack } from "../house.ts";
import type { RunRecord } from "../record.ts";
import { code, counted, inline, paragraphs } from "./text.ts";

/** What stands above the body of a pull request that is closed by it. */
export const closedBecause = (run: string, login: string): string =>
  `↩️ **Undone**: ${login} took run ${code(run)} back, so this was closed.`;

export const mergedPull = ({ number }: { number: number }): string =>
  `#${number} is merged. **Revert** on its page, or ${code("git revert")}, takes it back.`;

export const movedRef = ([ref, oid]: readonly [string, string]): string =>
  `${code(ref)} stays: it is not where the run left it, but at ${code(oid.slice(0, 12))}.`;

export const usedBranch = ({ number, head }: { number: number; head: { ref: string } }): string =>
  `${code(head.ref)} stays: #${number} comes from it, and the run did not open that.`;

export const shownWords = (thread: number, why: string): string =>
  `What was said in #${thread} is still shown: ${inline(why, 300)}`;

/** Parts of a migration outlive their run. */
export const ofParts = ({ pulls, again }: Pick<TakenBack, "pulls" | "again">): string[] => [
  ...(pulls.length === 0
    ? []
    : [
        `${numbers(pulls)} ${pulls.length === 1 ? "stays" : "stay"} open, each a part of its migration: closing one is a no to that part, which is remembered.`,
      ]),
  ...again.map(
    (run) =>
      `Run ${code(run)} does a part of it again: ${code(`/workflow undo ${run}`)} takes that back as well.`,
  ),
];

/** Null unless somebody asked for it. */
export function renderUndo({ id, undo }: RunRecord): string | null {
  if (undo === null) return null;
  const { by, done } = undo;
  if (done === null) return `**Being undone**, asked for by ${by.login}.`;
  const { pulls, refs, hidden, parts, stays } = done;
  const waiting =
    parts === 0
      ? ""
      : `, ${counted(parts, "part")} of its migration that waited for a pull request taken out`;
  const closed = pulls.length === 0 ? "no pull request to close" : `closed ${numbers(pulls)}`;
  return paragraphs(
    `**Undone**, asked for by ${by.login}: ${closed}, ${counted(refs, "ref")} deleted, ${counted(hidden, "comment")} hidden${waiting}. ${code(`/workflow retry ${id}`)} does the work again.`,
    `**What cannot be undone**:\n\n${listed([...stays, "Notifications that were sent, and check runs on commits that people may have seen."])}`,
  );
}

export const listed = (lines: readonly string[]): string =>
  lines.map((line) => `- ${line}`).join("\n");

function numbers(pulls: readonly number[]): string {
  const shown = pulls.slice(0, 20).map((number) => `#${number}`);
  const more = pulls.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
