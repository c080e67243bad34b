// What we say about a comment that speaks to us and is not carried out. Pure: data in, Markdown out.

import { limits } from "../config/limits.ts";
import type { Problem } from "./parse.ts";
import { nothingStarted } from "./replies.ts";
import { codeBlock, codeSpan, shorten } from "./text.ts";
import { unreachable } from "./unreachable.ts";
import type { Takes } from "./verb-entry.ts";
import { verbs } from "./verbs.ts";

/** Somebody edited a command into a comment; `lines` are those that came to be by it. */
export function edited(lines: string): string {
  return `😕 A command that is edited into a comment is not carried out: whoever may edit a comment is not always who wrote it. ${nothingStarted} Please post it as a new comment.\n\n${codeBlock(shorten(lines, 500))}`;
}

/** A comment that speaks to us and cannot be carried out. */
export function problem(given: Problem): string {
  switch (given.kind) {
    case "mistake":
      return mistake(given.line, given.mistake);
    case "wrong-words":
      return `😕 ${codeSpan(`/workflow ${given.verb}`)} takes ${TAKES[verbs[given.verb].takes]}, and this line has something else:\n\n${codeBlock(shorten(given.line, 500))}\n\nIf you meant the command: ${codeSpan(verbs[given.verb].usage)}. If you meant a task, write ${codeSpan(`/workflow run ${given.verb} …`)}. ${nothingStarted}`;
    case "takes-no-flags":
      return `😕 ${codeSpan(`/workflow ${given.verb}`)} takes no flags: a plan runs within the limits it shows, or not at all. Nothing was decided.\n\n${codeBlock(shorten(given.line, 500))}\n\nFor other limits post the task again with them, for example \`/workflow plan TASK --budget $5\`.`;
    case "odd-word":
      return `😕 This line is no command that I can carry out. ${nothingStarted}\n\n${codeBlock(shorten(given.line, 500))}`;
    case "one-of-several":
      return `${problem(given.problem)}\n\nThe comment has ${given.count} commands, and none of them was carried out: it is all or nothing. Please post them again.`;
    case "too-many":
      return `😕 I found ${given.count} commands in one comment and take at most ${limits.command.atOnce}. ${nothingStarted}\n\nPlease post them in several comments.`;
    case "clash":
      return `😕 Two commands of this comment want opposite things, so none was carried out:\n\n${codeBlock(given.lines.map((line) => shorten(line, 300)).join("\n"))}\n\n${nothingStarted} Please post the one that you mean.`;
    case "lazy-quote":
      return `😕 The \`/workflow\` line directly below a quote belongs to the quote, and commands in quotes are not read. ${nothingStarted}\n\nPlease post it again with an empty line between the quote and the command.`;
    case "lazy-list":
      return `😕 The \`/workflow\` line directly below a list or a footnote belongs to it, and commands in lists are not read. ${nothingStarted}\n\nPlease post it again with an empty line above the command.`;
    case "lazy-table":
      return `😕 The \`/workflow\` line directly below a table is a row of it, and commands in tables are not read. ${nothingStarted}\n\nPlease post it again with an empty line above the command.`;
    case "setext-heading":
      return `😕 The line of dashes directly below \`/workflow …\` turns it into a heading, and commands in headings are not read. ${nothingStarted}\n\nPlease post it again with an empty line between the command and the dashes.`;
    default:
      return unreachable(given);
  }
}

const TAKES = {
  task: "a task",
  decision: "an id and words",
  nothing: "nothing behind it",
  anything: "nothing behind it",
  run: "at most the id of a run",
  "run and flags": "at most the id of a run, `--failed` and `--budget`",
  "run and amount": "an amount such as `$5`, and at most the id of a run",
  "run or name": "the id of a run or the name of a saved workflow",
  "run and name": "the id of a run and a name for its script",
  schedule: "`list`, or `run`, `pause` or `resume` and the name of a schedule",
  finding: "the id of a finding, such as `f-0a1b2c`",
  "finding and reason": "the id of a finding, such as `f-0a1b2c`, and a reason",
  "run and what-if": "at most the id of a run and `--what-if budget=N`",
  "run and agent":
    "the id of a run and a part of the name of an agent, a file, a finding or a reviewer",
} as const satisfies Record<Takes, string>;

function mistake(
  line: string,
  { what, at, expected }: { what: string; at: number; expected: string },
): string {
  const from = Math.max(0, at - 80);
  const excerpt = line.slice(from, at + 60).replaceAll(/\s/gu, " ");
  const pointer = `${excerpt}\n${" ".repeat(at - from)}^`;
  return `😕 I could not read this line: ${what}. ${nothingStarted}\n\n${codeBlock(pointer)}\n\nExpected ${expected}. Example: \`/workflow run --budget $5 --base main fix the flaky tests\``;
}
