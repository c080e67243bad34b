// Plays a worker that changes files: the places it is given, or those the catalogue finds in the files it is given.
//
// The deliberate flaw: the worker of "Part 1 of n" leaves the old line behind as a comment (`// was: …`) on its first
// try. The reviewer's rule against commented-out code rejects it, and the worker that revises takes it away. So every
// run shows a change that is rejected, revised and then accepted.

import { taskPlaces, wholeTask, type Conversation } from "../conversation.ts";
import { distinctPlaces, factOf, type Facts } from "../facts.ts";
import { editLines, readFiles, type FileRead, type LineEdit } from "../files.ts";
import { labelled } from "../label.ts";
import type { Place } from "../places.ts";
import type { Play } from "../play.ts";
import { matchesIn, withReplacements } from "../rules/catalogue.ts";
import type { Match } from "../rules/rule.ts";
import { parseSource, type Source } from "../source.ts";
import { filesFor } from "./finder.ts";

const FILES_AT_MOST = 12;
const EDITS_AT_MOST = 12;
const LINES_AROUND = 3;
const FIRST_PART = /\bPart 1 of \d+\b/;

interface Work {
  path: string;
  source: Source;
  matches: readonly Match[];
}

/** Changes what it was asked to change and says what that was; changes nothing where there is nothing. */
export function* playFixer(conversation: Conversation): Play<Facts> {
  const task = wholeTask(conversation);
  const places = taskPlaces(conversation);
  const paths =
    places.length > 0
      ? distinct(places.map(({ path }) => path))
      : yield* filesFor(task, conversation);
  const files = yield* readFiles(paths.slice(0, FILES_AT_MOST));
  const works = limited(files.flatMap((file) => workIn(file, places)));
  const flawed = FIRST_PART.test(task);
  const done: Work[] = [];
  const failures: string[] = [];
  for (const [index, work] of works.entries()) {
    const edits = editsFor(work.source, work.matches);
    const { made, failed } = yield* editLines(
      work.path,
      work.source.text,
      flawed && index === 0 ? withRemains(work.source, edits) : edits,
    );
    failures.push(
      ...failed.map(({ edit, why }) => `${work.path}:${edit.from} could not be edited: ${why}`),
    );
    if (made.length > 0)
      done.push({ ...work, matches: work.matches.filter((match) => covers(made, match)) });
  }
  return factsOf(files, done, failures);
}

function workIn(file: FileRead, places: readonly Place[]): Work[] {
  if (!file.ok) return [];
  const parsed = parseSource(file.path, file.text);
  if (!parsed.ok) return [];
  const fixable = matchesIn(parsed.source).filter((match) => match.replacements.length > 0);
  const own = places.filter((place) => place.path === file.path);
  const matches =
    own.length > 0
      ? distinct(own.flatMap((place) => matchesAt(fixable, place)))
      : worthwhile(fixable);
  return matches.length > 0 ? [{ path: file.path, source: parsed.source, matches }] : [];
}

function matchesAt(matches: readonly Match[], place: Place): Match[] {
  const there = matches.filter(({ line, endLine }) => line <= place.line && place.line <= endLine);
  if (place.rule === null) return there;
  const exact = there.filter(({ rule }) => rule === place.rule);
  if (exact.length > 0) return exact;
  // Lines may have moved a little since the place was found.
  return matches
    .filter(({ rule, line }) => rule === place.rule && Math.abs(line - place.line) <= LINES_AROUND)
    .toSorted((a, b) => Math.abs(a.line - place.line) - Math.abs(b.line - place.line))
    .slice(0, 1);
}

function worthwhile(matches: readonly Match[]): Match[] {
  const fixes = matches.filter(({ level }) => level === "fix");
  return fixes.length > 0 ? fixes : [...matches];
}

function limited(works: readonly Work[]): Work[] {
  let left = EDITS_AT_MOST;
  return works.flatMap((work) => {
    const matches = work.matches.slice(0, left);
    left -= matches.length;
    return matches.length > 0 ? [{ ...work, matches }] : [];
  });
}

/** Whole-line edits that make all fixes; fixes on the same lines become one edit. */
export function editsFor(source: Source, matches: readonly Match[]): LineEdit[] {
  const stretches: { from: number; to: number; matches: Match[] }[] = [];
  for (const match of matches.toSorted((a, b) => a.line - b.line)) {
    const last = stretches.at(-1);
    if (last && match.line <= last.to) {
      last.to = Math.max(last.to, match.endLine);
      last.matches.push(match);
    } else stretches.push({ from: match.line, to: match.endLine, matches: [match] });
  }
  const lines = source.text.split("\n");
  const starts = lines.reduce<number[]>(
    (at, line) => [...at, (at.at(-1) ?? 0) + line.length + 1],
    [0],
  );
  return stretches.map(({ from, to, matches }) => {
    const offset = starts[from - 1] ?? 0;
    const replacements = matches.flatMap((match) =>
      match.replacements.map((one) => ({
        ...one,
        start: one.start - offset,
        end: one.end - offset,
      })),
    );
    const text = withReplacements(lines.slice(from - 1, to).join("\n"), replacements);
    return { from, to, lines: text.split("\n") };
  });
}

/** The deliberate flaw, at the first edit where a comment line is a comment and not part of a text. */
function withRemains(source: Source, edits: readonly LineEdit[]): LineEdit[] {
  const lines = source.text.split("\n");
  const index = edits.findIndex((edit) => isCommentPossible(source, lines, edit.from));
  return edits.map((edit, at) => {
    if (at !== index) return edit;
    const old = lines[edit.from - 1] ?? "";
    const indent = /^\s*/.exec(old)?.[0] ?? "";
    return { ...edit, lines: [`${indent}// was: ${old.trim()}`, ...edit.lines] };
  });
}

function isCommentPossible(source: Source, lines: readonly string[], line: number): boolean {
  const marked = [...lines.slice(0, line - 1), "// was: it", ...lines.slice(line - 1)].join("\n");
  const parsed = parseSource(source.path, marked);
  return parsed.ok && parsed.source.comments.some((comment) => comment.value === " was: it");
}

function covers(edits: readonly LineEdit[], match: Match): boolean {
  return edits.some((edit) => edit.from <= match.line && match.endLine <= edit.to);
}

function factsOf(
  files: readonly FileRead[],
  done: readonly Work[],
  failures: readonly string[],
): Facts {
  const findings = distinctPlaces(
    done.flatMap((work) => work.matches.map((match) => factOf(work.source, match))),
  );
  const changed = findings.map(
    ({ path, line, title, why }) => `- ${path}:${line} ${title}. ${why}`,
  );
  const head = headOf(files, findings);
  return {
    findings,
    read: files.filter((file) => file.ok && file.whole).map(({ path }) => path),
    files: done.map(({ path }) => path),
    changed: findings.length > 0,
    summary: labelled([head, ...changed, ...failures].join("\n")),
  };
}

/** The first line also serves as the subject of a commit. */
function headOf(files: readonly FileRead[], findings: Facts["findings"]): string {
  const paths = distinct(findings.map(({ path }) => path));
  const rules = distinct(findings.map(({ rule }) => rule));
  const read = files.map(({ path }) => path).join(", ");
  if (findings.length === 0)
    return `Changed nothing: none of the patterns this demo model knows is in ${read || "the repository"}.`;
  const where = paths.length === 1 ? (paths[0] ?? "") : `${paths.length} files`;
  return `Fix ${rules.join(", ")} in ${where}\n`;
}

function distinct<T>(values: readonly T[]): T[] {
  return Array.from(new Set(values));
}
