// Finds in a text the places it speaks of: `path:line (rule)`, JSON with path and line, or files by their names.

import { ruleNamed } from "./rules/catalogue.ts";

/** A place in a file; `rule` when the text names one that this model knows. */
export interface Place {
  path: string;
  line: number;
  rule: string | null;
}

const JSON_DEPTH_AT_MOST = 6;
const LISTED = /^\s*(?:[-*]|\d+\.)\s+`?(.+?)`?:(\d+)(?:-\d+)?\b(?:\s+\(([a-z-]+)\))?/gm;
const JSON_PLACE =
  /"(?:path|file)"\s*:\s*("(?:[^"\\\n]|\\.)*")[^{}]*?"line"\s*:\s*(\d+)(?:[^{}]*?"rule"\s*:\s*"([a-z-]+)")?/g;
const BARE = /([^\s`'"()[\]{}<>:,]+\.[cm]?[jt]sx?):(\d+)\b/g;
const SOURCE_FILE = /\.[cm]?[jt]sx?$/;
const LAST = /(^|\/)(node_modules|vendor|third_party|dist|build|coverage)\/|\.min\.|\.d\.[cm]?ts$/;
const TEST =
  /(^|\/)(tests?|__tests__|spec|bench|perf|examples?)\/|(^|\/)tests?\.[cm]?[jt]sx?$|\.(test|spec)\./;

/** Every place named in a text, each once. */
export function placesIn(text: string): Place[] {
  const found = inJson(text) ?? inProse(text);
  const seen = new Map<string, Place>();
  for (const one of found) {
    const key = `${one.path}\n${one.line}`;
    const known = seen.get(key);
    if (!known || (known.rule === null && one.rule !== null)) seen.set(key, one);
    else if (one.rule !== null && one.rule !== known.rule) seen.set(`${key}\n${one.rule}`, one);
  }
  return Array.from(seen.values()).filter(({ path }) => path !== "");
}

function inJson(text: string): Place[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? placesOf(value, 0) : null;
  } catch {
    return null;
  }
}

function placesOf(value: unknown, depth: number): Place[] {
  if (typeof value !== "object" || value === null || depth > JSON_DEPTH_AT_MOST) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  const path = fields.get("path") ?? fields.get("file");
  const line = fields.get("line");
  const rule = fields.get("rule");
  if (typeof path === "string" && typeof line === "number")
    return [place(path, line, typeof rule === "string" ? rule : undefined)];
  return Array.from(fields.values()).flatMap((inner) => placesOf(inner, depth + 1));
}

function inProse(text: string): Place[] {
  const rest = text.replaceAll(LISTED, "");
  return [
    ...Array.from(text.matchAll(LISTED), ([, path = "", line, rule]) =>
      place(path, Number(line), rule),
    ),
    ...Array.from(rest.matchAll(JSON_PLACE), ([, path = '""', line, rule]) =>
      place(unquoted(path), Number(line), rule),
    ),
    ...Array.from(rest.matchAll(BARE), ([, path = "", line]) =>
      place(path, Number(line), undefined),
    ),
  ];
}

/** Those of the paths that a text names, whole or by a directory they are in. */
export function pathsNamed(text: string, paths: readonly string[]): string[] {
  const files = paths.filter((path) => names(text, path));
  if (files.length > 0) return files;
  const directories = new Set(
    paths.flatMap(directoriesOf).filter((directory) => names(text, directory)),
  );
  return paths.filter((path) =>
    directoriesOf(path).some((directory) => directories.has(directory)),
  );
}

/** Every directory above a path, without a slash at the end. */
export function directoriesOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** JavaScript and TypeScript, own sources first; tests, then generated and vendored files at the end. */
export function sourcesFirst(paths: readonly string[]): string[] {
  const rank = (path: string): number => (LAST.test(path) ? 2 : TEST.test(path) ? 1 : 0);
  return paths
    .filter((path) => SOURCE_FILE.test(path))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Own source: neither test nor generated nor vendored. */
export function isOwnSource(path: string): boolean {
  return SOURCE_FILE.test(path) && !LAST.test(path) && !TEST.test(path);
}

function place(path: string, line: number, rule: string | undefined): Place {
  const known = rule !== undefined && ruleNamed(rule) !== null ? rule : null;
  return { path: path.trim(), line, rule: known };
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return "";
  }
}

function names(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const after = text.slice(at + path.length);
    if (!/[\p{L}\p{N}_/.-]/u.test(before) && !/^[\p{L}\p{N}_-]|^\/\p{L}|^\.\p{L}/u.test(after))
      return true;
  }
  return false;
}
