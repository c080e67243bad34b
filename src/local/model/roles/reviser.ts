// Plays a worker that answers a review: takes away what a finding names, or makes the fix that was missed.

import { taskPlaces, type Conversation } from "../conversation.ts";
import { factOf, type Facts } from "../facts.ts";
import { editLines, readFiles, type FileRead, type LineEdit } from "../files.ts";
import { labelled } from "../label.ts";
import { placesIn, type Place } from "../places.ts";
import type { Play } from "../play.ts";
import { matchesIn } from "../rules/catalogue.ts";
import { parseSource } from "../source.ts";
import { editsFor } from "./fixer.ts";
import { isLeftBehind } from "./left-behind.ts";

const LINES_AROUND = 2;
const FILES_AT_MOST = 12;

/** The text of the findings, or null when this is no revision. */
export function findingsText(conversation: Conversation): string | null {
  return conversation.data.find(({ title }) => /finding/i.test(title))?.text ?? null;
}

/** Answers each finding at its place; says which it could not answer. */
export function* playReviser(conversation: Conversation, findings: string): Play<Facts> {
  const places = placesIn(findings);
  const wanted = places.length > 0 ? places : taskPlaces(conversation);
  const paths = Array.from(new Set(wanted.map(({ path }) => path))).slice(0, FILES_AT_MOST);
  const files = yield* readFiles(paths);
  const said: string[] = [];
  const changedFiles: string[] = [];
  const facts: Facts["findings"][number][] = [];
  for (const file of files) {
    const own = wanted.filter((place) => place.path === file.path);
    const answer = answersIn(file, own);
    if (!file.ok || answer.edits.length === 0) {
      said.push(`${file.path}: nothing at the named lines is a pattern this demo model knows.`);
      continue;
    }
    const { made, failed } = yield* editLines(file.path, file.text, answer.edits);
    said.push(
      ...made.map(
        (edit) =>
          `- ${file.path}:${edit.from} ${edit.lines.length === 0 ? "left-behind line removed" : "changed as the review asked"}.`,
      ),
    );
    said.push(
      ...failed.map(({ edit, why }) => `${file.path}:${edit.from} could not be edited: ${why}`),
    );
    if (made.length > 0) changedFiles.push(file.path);
    facts.push(...answer.facts);
  }
  return {
    findings: facts,
    read: files.filter((file) => file.ok && file.whole).map(({ path }) => path),
    files: changedFiles,
    changed: changedFiles.length > 0,
    summary: labelled(`Answer the review\n\n${said.join("\n")}`),
  };
}

function answersIn(
  file: FileRead,
  places: readonly Place[],
): { edits: LineEdit[]; facts: Facts["findings"] } {
  if (!file.ok) return { edits: [], facts: [] };
  const lines = file.text.split("\n");
  const removed = new Set(places.flatMap(({ line }) => leftBehindNear(lines, line)));
  const parsed = parseSource(file.path, file.text);
  const unanswered = places.filter(({ line }) => leftBehindNear(lines, line).length === 0);
  const matches = parsed.ok
    ? matchesIn(parsed.source).filter(
        (match) =>
          match.replacements.length > 0 &&
          unanswered.some(
            (place) =>
              place.line === match.line ||
              (place.rule === match.rule && Math.abs(place.line - match.line) <= LINES_AROUND),
          ),
      )
    : [];
  return {
    edits: [
      ...Array.from(removed, (line): LineEdit => ({ from: line, to: line, lines: [] })),
      ...(parsed.ok ? editsFor(parsed.source, matches) : []),
    ],
    facts: parsed.ok ? matches.map((match) => factOf(parsed.source, match)) : [],
  };
}

/** The named line, or one close to it, that was left behind. */
function leftBehindNear(lines: readonly string[], line: number): number[] {
  const near = [0, -1, 1, -2, 2].map((shift) => line + shift);
  return near.filter((at) => isLeftBehind(lines[at - 1] ?? "")).slice(0, 1);
}
