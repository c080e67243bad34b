// Where in a comment a command may stand: lines of top-level paragraphs, by the Markdown tree people see rendered.

import type { Heading, Nodes, Paragraph, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

import { openElements } from "./html-depth.ts";
import { mailTailIn } from "./mail-tail.ts";

/** Offsets in the source, end exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** A place that looks like a command but renders as something else. */
export type Hint = "lazy-quote" | "lazy-list" | "lazy-table" | "setext-heading";

/** What was found in a comment. */
export interface Reading {
  /** Lines that begin with our name, in order. */
  lines: Range[];
  /** Inline and fenced code, in which nothing is a flag. */
  code: Range[];
  /** HTML comments and the like, which people do not see. */
  hidden: Range[];
  /** Starts of `---` lines, which end a task. */
  breaks: number[];
  hint: Hint | null;
}

const ourName = /^ {0,3}\/(?:workflow|wf)(?=\s|$)/iu;

/** Finds the lines of `source` (line ends already `\n`) that address us. */
export function findLines(source: string): Reading {
  const root = parseMarkdown(source);
  const reading: Reading = { lines: [], code: [], hidden: [], breaks: [], hint: null };
  let depth = 0;
  // What follows was said before, by whoever is answered: it is no command, and no part of a task.
  const tail = tailIn(source, root);
  if (tail !== null) reading.breaks.push(tail);
  for (const block of root.children) {
    if (tail !== null && rangeOf(block).start >= tail) break;
    if (block.type === "html") depth = openElements(block.value, depth);
    if (block.type === "paragraph") depth = readParagraph({ source, reading }, block, depth);
    reading.hint ??= hintOf(source, block);
    note(reading, block);
  }
  return tail === null
    ? reading
    : { ...reading, lines: reading.lines.filter(({ start }) => start < tail) };
}

/** Where a mail begins to quote what it answers; null where none does. */
function tailIn(source: string, root: Root): number | null {
  for (const block of root.children) {
    if (block.type !== "paragraph" && block.type !== "thematicBreak") continue;
    const { start, end } = rangeOf(block);
    const at = mailTailIn(source.slice(start, end));
    if (at !== null) return start + at;
  }
  return null;
}

const asOnGitHub = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

const parseMarkdown = (source: string): Root => fromMarkdown(shallow(source), asOnGitHub);

/** A line's first quote, list and footnote marks, more of them than anyone writes. */
const deepLine = /^((?:[ \t]*(?:[-+*>]|\d{1,9}[.)]|\[\^[^\]\n]{1,99}\]:)){32})([^\n]+)$/gmu;

/** Closing brackets of one comment that may end a link. */
const bracketLimit = 2000;

/**
 * The source with what makes the parser slow masked, character for character, so that places stay. What stands behind
 * very many marks is deep inside quotes or lists anyway; 60,000 levels took half a minute, 16,000 brackets four seconds.
 */
function shallow(source: string): string {
  let brackets = 0;
  return source
    .replaceAll(deepLine, (_, marks: string, rest: string) => marks + "x".repeat(rest.length))
    .replaceAll("]", (bracket) => (++brackets > bracketLimit ? "x" : bracket));
}

interface Context {
  source: string;
  reading: Reading;
}

function readParagraph(context: Context, paragraph: Paragraph, depthBefore: number): number {
  const plain: Range[] = [];
  let depth = depthBefore;
  for (const child of paragraph.children) {
    if (child.type === "html") depth = openElements(child.value, depth);
    if (child.type === "text" && depth === 0) plain.push(rangeOf(child));
  }
  for (const line of linesOf(context.source, rangeOf(paragraph))) {
    const at = line.start + indentOf(context.source, line);
    const visible = plain.some((range) => range.start <= at && at < range.end);
    if (visible && isOurs(context.source, line)) context.reading.lines.push(line);
  }
  return depth;
}

/** Whole source lines that a node covers, the first one's indentation included. */
function linesOf(source: string, { start, end }: Range): Range[] {
  const lines: Range[] = [];
  let from = source.lastIndexOf("\n", start - 1) + 1;
  while (from < end) {
    const newline = source.indexOf("\n", from);
    const to = newline === -1 ? source.length : newline;
    lines.push({ start: from, end: to });
    from = to + 1;
  }
  return lines;
}

function isOurs(source: string, line: Range): boolean {
  return ourName.test(source.slice(line.start, line.end));
}

function indentOf(source: string, line: Range): number {
  return source.slice(line.start, line.end).search(/\S|$/u);
}

function hintOf(source: string, block: RootContent): Hint | null {
  if (block.type === "blockquote") return hasOurLine(source, block) ? "lazy-quote" : null;
  if (block.type === "heading") return isSetext(source, block) ? "setext-heading" : null;
  if (block.type === "table") return isContinued(source, block) ? "lazy-table" : null;
  const isList = block.type === "list" || block.type === "footnoteDefinition";
  return isList && isContinued(source, block) ? "lazy-list" : null;
}

function hasOurLine(source: string, block: Nodes): boolean {
  return linesOf(source, rangeOf(block)).some((line) => isOurs(source, line));
}

/** A line at the margin, without any mark: people did not write it into the list or table that it belongs to. */
function isContinued(source: string, block: Nodes): boolean {
  return linesOf(source, rangeOf(block)).some((line) => {
    const text = source.slice(line.start, line.end);
    return text.startsWith("/") && !text.includes("|") && isOurs(source, line);
  });
}

function isSetext(source: string, heading: Heading): boolean {
  return source[rangeOf(heading).start] !== "#" && hasOurLine(source, heading);
}

/** Collects from a block what the reading of a task needs, however deep it stands. */
function note(reading: Reading, block: RootContent): void {
  const pending: Nodes[] = [block];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "code" || node.type === "inlineCode") reading.code.push(rangeOf(node));
    if (node.type === "html" && /^<[!?]/u.test(node.value)) reading.hidden.push(rangeOf(node));
    if (node.type === "thematicBreak") reading.breaks.push(rangeOf(node).start);
    if ("children" in node) pending.push(...node.children);
  }
}

function rangeOf(node: Nodes): Range {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) throw new Error("A Markdown node has no place.");
  return { start, end };
}
