// Reads the text of a settings file: what it says, or every mistake with its line and a sentence that helps.

import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";

import { nearest } from "../command/edit-distance.ts";
import { codeSpan } from "../command/text.ts";
import { limits } from "../config/limits.ts";
import type { Said } from "./effective.ts";
import { fileSchema, placeOf, saidIn } from "./file-schema.ts";
import { keys } from "./keys.ts";
import { conditionRows, scheduleRows } from "./schedule.ts";

/** A mistake: its line counted from 1, and the line as it stands. */
export interface Mistake {
  line: number;
  text: string;
  sentence: string;
}

export type Reading = { ok: true; said: Said } | { ok: false; mistakes: Mistake[] };

/** An empty file says nothing, and that is fine. Never throws, whatever the text. */
export function readSettings(text: string): Reading {
  const at = placesIn(text);
  if (text.length > limits.settings.fileChars) {
    const sentence = `The file has ${text.length} characters; ${limits.settings.fileChars} are read at most.`;
    return { ok: false, mistakes: [at(1, sentence)] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "silent",
  });
  const broken = [...document.errors, ...document.warnings].map((error) =>
    at(lines.linePos(error.pos[0]).line, `This is no YAML: ${codeSpan(error.message)}`),
  );
  if (broken.length > 0) return { ok: false, mistakes: broken };
  const value = valueOf(document);
  if (!value.ok) return { ok: false, mistakes: [at(1, value.why)] };
  const parsed = fileSchema.safeParse(value.value ?? {});
  if (parsed.success) return { ok: true, said: saidIn(parsed.data) };
  const mistakes = parsed.error.issues.flatMap((issue) =>
    mistakesIn(issue).map(({ path, sentence }) => at(lineOf({ document, lines }, path), sentence)),
  );
  return { ok: false, mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

function placesIn(text: string) {
  const lines = text.split(/\r?\n/u);
  return (line: number, sentence: string): Mistake => ({
    line,
    text: lines[line - 1] ?? "",
    sentence,
  });
}

/** Aliases can make a small text enormous, and settings need few. */
const ALIASES_MAX = 20;

function valueOf(document: Document): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch {
    return {
      ok: false,
      why: `It has more than ${ALIASES_MAX} aliases, or one that leads nowhere.`,
    };
  }
}

interface Told {
  path: PropertyKey[];
  sentence: string;
}

function mistakesIn(issue: z.core.$ZodIssue): Told[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], sentence: unknown(path, key) }));
  }
  const meant = issue.code === "invalid_union" ? branchMeant(issue.errors) : null;
  if (meant !== null) {
    return meant.flatMap((each) => mistakesIn({ ...each, path: [...path, ...each.path] }));
  }
  const name = path.map((step) => (typeof step === "number" ? `${step + 1}` : String(step)));
  const subject = name.length === 0 ? "The file" : codeSpan(name.join("."));
  return [{ path, sentence: `${subject} ${issue.message}.` }];
}

/** Of several shapes, the one whose own parts are wrong: the others are not what was written at all. */
function branchMeant(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | null {
  const isInside = (issue: z.core.$ZodIssue): boolean =>
    issue.path.length > 0 || issue.code === "unrecognized_keys";
  return branches.find((issues) => issues.length > 0 && issues.every(isInside)) ?? null;
}

/** Names that may stand there: of the file, of a section, of an entry in a list. */
function unknown(path: readonly PropertyKey[], key: string): string {
  const known = namesIn(path);
  const full = [...path, key].filter((step) => typeof step !== "number").join(".");
  const similar = nearest(key, known, 3);
  const elsewhere = Object.keys(keys).find((each) => placeOf(each).at(-1) === key);
  const meant =
    similar === null
      ? elsewhere
      : [...path, similar].filter((step) => typeof step !== "number").join(".");
  const advice =
    meant === undefined
      ? `Known here are: ${known.join(", ")}.`
      : `Did you mean ${codeSpan(meant)}?`;
  return `There is no setting ${codeSpan(full)}. ${advice}`;
}

function namesIn(path: readonly PropertyKey[]): string[] {
  if (path.some((step) => typeof step === "number")) return namesInside(path);
  const places = Object.keys(keys).map(placeOf);
  const [within] = path;
  if (within === undefined) return [...new Set(places.map(([first]) => first))];
  return places.flatMap(([first, second]) =>
    first === within && second !== undefined ? [second] : [],
  );
}

/** Of an entry in a list, and of what stands below one of its names. */
function namesInside(path: readonly PropertyKey[]): string[] {
  if (path[0] !== "schedules") return ["paths", "text"];
  const rows = path.at(-1) === "when" ? conditionRows : scheduleRows;
  return rows.map(({ name }) => name);
}

/** Of the key itself where it can be found, else of the nearest part around it. */
function lineOf(
  { document, lines }: { document: Document; lines: LineCounter },
  path: readonly PropertyKey[],
): number {
  for (let depth = path.length; depth > 0; depth--) {
    const around = document.getIn(path.slice(0, depth - 1), true) ?? document.contents;
    const last = path[depth - 1];
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : undefined;
    const node = pair === undefined ? document.getIn(path.slice(0, depth), true) : pair.key;
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
