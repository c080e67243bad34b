// Where in a diff GitHub accepts a review comment.

import type { FileDiff } from "./git-data.ts";

/** A line of a diff as review comments name it: removed lines on the left, all others on the right. */
export interface DiffPlace {
  side: "LEFT" | "RIGHT";
  /** From 1, in the file of that side. */
  line: number;
}

/** Every place of one file that a review comment may stand on: the lines of its hunks, context included. */
export function commentableLines(file: FileDiff): DiffPlace[] {
  return file.hunks
    .flatMap((hunk) => hunk.lines)
    .flatMap((line): DiffPlace[] => {
      if (line.newLine !== null) return [{ side: "RIGHT", line: line.newLine }];
      return line.oldLine === null ? [] : [{ side: "LEFT", line: line.oldLine }];
    });
}
