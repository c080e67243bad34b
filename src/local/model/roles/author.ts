// Plays the author: chooses between a script that fixes and one that reports, and fits it to the repository's files.

import { readFileSync } from "node:fs";

import { dataNamed, type Conversation } from "../conversation.ts";
import { listPaths } from "../files.ts";
import { DEMO_LABEL, labelled } from "../label.ts";
import { directoriesOf, isOwnSource, pathsNamed, sourcesFirst } from "../places.ts";
import type { Play } from "../play.ts";
import type { Json, JsonObject } from "../reply.ts";

const FIX_SCRIPT = readFileSync(new URL("./fix-script.txt", import.meta.url), "utf8");
const REPORT_SCRIPT = readFileSync(new URL("./report-script.txt", import.meta.url), "utf8");

const CHANGING =
  /\b(fix|chang|replac|migrat|convert|add|remov|delet|renam|refactor|updat|improv|harden|clean|document|rewrit|upgrad|moderni[sz]|us|mak|switch|simplif|repair)(e|es|ing|ed|y)?\b/i;
const NOT_OWN =
  "/(^|\\/)(node_modules|vendor|third_party|dist|build|coverage|tests?|__tests__|spec|bench|perf)\\/|(^|\\/)tests?\\.[cm]?[jt]sx?$|\\.(min|test|spec)\\.|\\.d\\.[cm]?ts$/";
const NOT_READABLE = "/(^|\\/)node_modules\\/|\\.min\\.|\\.d\\.[cm]?ts$/";

/** The answer's three parts; `finish` may ask for any of them. */
export function* playAuthor(conversation: Conversation): Play<JsonObject> {
  const task = taskOf(conversation);
  const paths = pathsIn(conversation) ?? (yield* listFrom(conversation)) ?? [];
  const scope = scopeOf(task, paths);
  const fixes = CHANGING.test(task);
  const title = titleOf(task);
  const summary = labelled(
    fixes
      ? `Reads ${scope.says}, changes what it finds in parts that do not touch each other, has each part reviewed and revised, and folds what was accepted.`
      : `Reads ${scope.says}, has each finding checked by an agent that tries to refute it, and reports. Changes nothing.`,
  );
  const script = filledIn(fixes ? FIX_SCRIPT : REPORT_SCRIPT, {
    NAME: quoted(slugOf(task)),
    DESCRIPTION: quoted(title),
    LABEL: DEMO_LABEL,
    LABEL_TEXT: quoted(DEMO_LABEL),
    TASK: quoted(task),
    SCOPE: quoted(scope.glob),
    SKIPPED: scope.own ? NOT_OWN : NOT_READABLE,
    WIDENED: scope.missing === null ? "" : `\nlog(${quoted(widening(scope.missing))})`,
  });
  return { script, title, summary };
}

function* listFrom(conversation: Conversation): Play<string[] | null> {
  return conversation.tools.has("list_files") ? yield* listPaths() : null;
}

function taskOf(conversation: Conversation): string {
  const data = dataNamed(conversation, /task|request|command|comment/i);
  const text = data ?? conversation.instructions;
  return text
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^\/(workflow|wf)\s+/i, "");
}

/** The file list among the data blocks: the one with the most lines that look like paths of source files. */
function pathsIn(conversation: Conversation): string[] | null {
  const block = conversation.data
    .filter(({ title }) => /file|path|tree|repository/i.test(title))
    .map(({ text }) => linesOf(text))
    .toSorted((a, b) => sourcesFirst(b).length - sourcesFirst(a).length)[0];
  return block && sourcesFirst(block).length > 0 ? block : null;
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/^\s*[-*]\s+/, "")
        .replace(/\t.*$/, "")
        .trimEnd(),
    )
    .filter((line) => line !== "");
}

interface Scope {
  glob: string;
  /** For the summary. */
  says: string;
  /** Own sources exist, so tests and generated files are left out. */
  own: boolean;
  /** The directory the task names that is not there. */
  missing: string | null;
}

function scopeOf(task: string, paths: readonly string[]): Scope {
  const sources = sourcesFirst(paths);
  const named = pathsNamed(task, sources);
  const directory =
    named.length > 0 && !sources.some((path) => task.includes(path)) ? common(named, task) : null;
  const file = named.length > 0 ? sources.find((path) => task.includes(path)) : undefined;
  const within = file === undefined ? (directory === null ? sources : named) : [file];
  const own = within.some(isOwnSource);
  const wanted =
    /\b(?:in|under|of|inside)\s+(?:the\s+)?`?([\w./-]+)`?(?:\s+(?:folder|directory))?\s*[.!?]?$/i.exec(
      task,
    )?.[1];
  const missing = named.length === 0 && wanted !== undefined && paths.length > 0 ? wanted : null;
  if (file !== undefined) return { glob: escaped(file), says: `\`${file}\``, own, missing: null };
  if (directory !== null)
    return {
      glob: `${escaped(directory)}/**`,
      says: `the source files in \`${directory}\``,
      own,
      missing: null,
    };
  return { glob: "**", says: "the source files of the repository", own, missing };
}

function common(named: readonly string[], task: string): string | null {
  const directories = new Set(named.flatMap(directoriesOf));
  const inTask = Array.from(directories).filter(
    (directory) => pathsNamed(task, [`${directory}/x.js`]).length > 0,
  );
  return inTask.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

function widening(missing: string): string {
  return `There is no source file in ${missing}: looking at every source file instead`;
}

function titleOf(task: string): string {
  const short = task.length > 100 ? `${task.slice(0, 99)}…` : task;
  return short === ""
    ? "Look for known patterns"
    : `${short[0]?.toUpperCase() ?? ""}${short.slice(1)}`;
}

function slugOf(task: string): string {
  const slug = task
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 48);
  return slug.replace(/-$/, "") || "task";
}

/** Brackets, stars and the like stand for themselves. */
function escaped(path: string): string {
  return path.replaceAll(/[\\*?[\]{}()!+@]/g, (character) => `\\${character}`);
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function filledIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/@([A-Z_]+)@/g, (whole, name: string) => values[name] ?? whole);
}

/** Only what the offered schema asks for; everything when it names nothing. */
export function authorAnswer(answer: JsonObject, schema: JsonObject | undefined): JsonObject {
  const properties = schema?.["properties"];
  if (typeof properties !== "object" || properties === null || Array.isArray(properties))
    return answer;
  return Object.fromEntries(
    Object.entries(answer).filter(([name]) => name in properties),
  ) satisfies Record<string, Json>;
}
