// Where line comments stand: each must be on a line of the diff, or the whole review is refused.

import { changesBetween, hunkUpTo, type PatchRow, rowAt, rowsOf } from "../changes.ts";
import { isAncestor, typeOf } from "../commits.ts";
import { refused } from "../errors.ts";
import { diffBase } from "../render/pull.ts";
import type { PullIssue, Repository } from "../state.ts";
import type { Side } from "../review-state.ts";

export interface LinePlace {
  path: string;
  /** Null with a position of the old kind, or for a whole file. */
  line: number | null;
  side: Side;
  startLine: number | null;
  startSide: Side | null;
  position: number | null;
  subject: "line" | "file";
}

export type NewLineComment = LinePlace & { body: string };

/** The commit a review is about: the head, or an older one of the pull request. */
export async function commitOf(
  { gitDir }: Repository,
  { pull }: PullIssue,
  commit: string | null,
): Promise<string> {
  if (commit === null || commit === pull.head.sha) return pull.head.sha;
  const known = (await typeOf(gitDir, commit)) === "commit";
  if (known && (await isAncestor(gitDir, commit, pull.head.sha))) return commit;
  throw refused("commit_id is not part of the pull request");
}

export interface Placed {
  comment: NewLineComment;
  commit: string;
  line: number | null;
  position: number | null;
  diffHunk: string;
}

const outside = "pull_request_review_thread.line must be part of the diff";

/** Throws a `Refusal` when one of them is not in the diff. */
export async function placeAll(
  repository: Repository,
  issue: PullIssue,
  { commit, comments }: { commit: string; comments: readonly NewLineComment[] },
): Promise<Placed[]> {
  if (comments.length === 0) return [];
  const base = await diffBase(repository, issue, commit);
  const files = await changesBetween(repository.gitDir, base, commit);
  return comments.map((comment) => {
    const file = files.find(({ path }) => path === comment.path);
    if (file === undefined) {
      throw refused("pull_request_review_thread.path must be part of the diff");
    }
    if (comment.subject === "file") {
      return { comment, commit, line: null, position: null, diffHunk: "" };
    }
    return { comment, commit, ...placeLine(file.patch ?? "", comment) };
  });
}

function placeLine(patch: string, comment: NewLineComment) {
  const rows = rowsOf(patch);
  const row = findRow(rows, comment);
  if (row === null) throw refused(outside);
  mustStartInside(rows, row, comment);
  const line = comment.side === "LEFT" ? row.left : row.right;
  return { line: line ?? row.left, position: row.position, diffHunk: hunkUpTo(patch, row) };
}

function findRow(rows: readonly PatchRow[], comment: NewLineComment): PatchRow | null {
  const { line, position, side } = comment;
  if (line !== null) return rowAt(rows, { side, line });
  return rows.find((row) => row.position === position) ?? null;
}

/** Both ends of a range stand in one hunk, the start before the end. */
function mustStartInside(
  rows: readonly PatchRow[],
  end: PatchRow,
  { startLine, startSide, side }: NewLineComment,
): void {
  if (startLine === null) return;
  const start = rowAt(rows, { side: startSide ?? side, line: startLine });
  if (start === null || start.hunk !== end.hunk) {
    throw refused(
      "pull_request_review_thread.start_line must be part of the same hunk as the line.",
    );
  }
  if (start.position >= end.position) {
    throw refused("pull_request_review_thread.start_line must precede the end line.");
  }
}
