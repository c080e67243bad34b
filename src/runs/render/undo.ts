// What became of undoing a run, and what of it has to stay. Pure.

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

/** Null unless somebody asked for it. */
export function renderUndo({ id, undo }: RunRecord): string | null {
  if (undo === null) return null;
  const { by, done } = undo;
  if (done === null) return `**Being undone**, asked for by ${by.login}.`;
  const { pulls, refs, hidden, stays } = done;
  const closed = pulls.length === 0 ? "no pull request to close" : `closed ${numbers(pulls)}`;
  return paragraphs(
    `**Undone**, asked for by ${by.login}: ${closed}, ${counted(refs, "ref")} deleted, ${counted(hidden, "comment")} hidden. ${code(`/workflow retry ${id}`)} does the work again.`,
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
