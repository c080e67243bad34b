// What an answer stands for where it does not stand below the words it answers. Pure.

import { codeSpan } from "../command/text.ts";
import type { CommentEvent } from "../world/inbox.ts";
import { labelOf } from "./heard/signs.ts";

/**
 * A line in front of an answer that says what was done where, and by whom; null where the answer follows the words in the
 * same thread. Links lead to places on the thread's own page.
 */
export function whence({ source, place, comment, sender }: CommentEvent): string | null {
  const { login } = sender;
  switch (source) {
    case "line": {
      // A file may be called like one of our marks.
      const path = (place?.path ?? "a file").replaceAll("<!--", "<\u2060!--");
      const line = place?.line == null ? "" : `, line ${place.line}`;
      return `To ${login}, on [${codeSpan(path)}${line}](#discussion_r${comment.id}):`;
    }
    case "review":
      return `To ${login}, on [this review](#pullrequestreview-${comment.id}):`;
    case "edit":
      return `To ${login}, on [a comment that was edited](#issuecomment-${comment.id}):`;
    case "label":
      return `To ${login}, who put on the label ${codeSpan(labelOf(comment.body))}:`;
    case "click":
      return `To ${login}, who pressed a button of the check run; it stands for this command:`;
    case "rerun":
    case "suite":
      return `To ${login}, who asked for the check run again; that stands for this command:`;
    case "comment":
    case "body":
    case "pull":
      return null;
  }
}
