// Plays a worker that only looks: reads files, applies the catalogue, says what it found and what it read.

import { taskPlaces, wholeTask, type Conversation } from "../conversation.ts";
import { distinctPlaces, factOf, type Facts, type FoundHere } from "../facts.ts";
import { listPaths, readFiles, type FileRead } from "../files.ts";
import { labelled } from "../label.ts";
import { readPatch, type FilePatch } from "../patch.ts";
import { pathsNamed, sourcesFirst } from "../places.ts";
import type { Play } from "../play.ts";
import { matchesIn } from "../rules/catalogue.ts";
import { parseSource } from "../source.ts";

const FILES_AT_MOST = 24;
const FINDINGS_AT_MOST = 60;
/** Fewer real findings than this: the polish is named too. */
const ENOUGH = 3;

/** Looks at the files a task names, or at all source files. */
export function* playFinder(conversation: Conversation): Play<Facts> {
  const task = wholeTask(conversation);
  const paths = yield* filesFor(task, conversation);
  const files = yield* readFiles(paths.slice(0, FILES_AT_MOST));
  const all = distinctPlaces(files.flatMap(findingsIn));
  const touched = onlyTouched(all, readPatch(task));
  const wantsLevels = task.includes("polish") || conversationWantsLevels(conversation);
  const strong = touched.filter((finding) => finding.level !== "polish");
  const findings = (wantsLevels || strong.length < ENOUGH ? touched : strong).slice(
    0,
    FINDINGS_AT_MOST,
  );
  const read = files.filter((file) => file.ok && file.whole).map((file) => file.path);
  return {
    findings,
    read,
    files: Array.from(new Set(findings.map((finding) => finding.path))),
    changed: false,
    summary: labelled(summaryOf(files, findings)),
  };
}

/** The files a task is about, sources first. */
export function* filesFor(task: string, conversation: Conversation): Play<string[]> {
  const listed = conversation.tools.has("list_files") ? yield* listPaths() : null;
  const inPlaces = Array.from(new Set(taskPlaces(conversation).map(({ path }) => path)));
  if (listed === null) return inPlaces;
  const named = sourcesFirst(pathsNamed(task, listed));
  return named.length > 0 ? named : sourcesFirst(listed);
}

/** A schema that can say how much a finding matters gets all of them. */
function conversationWantsLevels(conversation: Conversation): boolean {
  return JSON.stringify(conversation.tools.get("finish") ?? {}).includes('"polish"');
}

function findingsIn(file: FileRead): FoundHere[] {
  if (!file.ok) return [];
  const parsed = parseSource(file.path, file.text);
  return parsed.ok ? matchesIn(parsed.source).map((match) => factOf(parsed.source, match)) : [];
}

/** Where a task brings a diff, only added lines are its business. */
function onlyTouched(findings: readonly FoundHere[], patches: readonly FilePatch[]): FoundHere[] {
  if (patches.length === 0) return [...findings];
  return findings.filter((finding) =>
    patches.some(
      (patch) =>
        patch.path === finding.path &&
        patch.lines.some((line) => line.kind === "added" && line.newLine === finding.line),
    ),
  );
}

function summaryOf(files: readonly FileRead[], findings: readonly FoundHere[]): string {
  const unread = files.flatMap((file) =>
    file.ok && file.whole ? [] : [`${file.path} was not read to its end`],
  );
  const unparsed = files.flatMap((file) => {
    const parsed = file.ok ? parseSource(file.path, file.text) : null;
    return parsed && !parsed.ok ? [`${file.path} does not parse (${parsed.why})`] : [];
  });
  const places = findings.map(({ path, line, title }) => `${path}:${line} ${title}`).slice(0, 20);
  return [
    `Read ${files.length} files and found ${findings.length} places.`,
    ...places.map((text) => `${text}.`),
    ...[...unread, ...unparsed].map((text) => `${text}.`),
  ].join("\n");
}
