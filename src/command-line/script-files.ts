// From what people type, names, folders and globs, to the scripts they mean.

import { glob, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** One script, or why there is none. */
export type ScriptFile =
  | { ok: true; file: string; source: string }
  | { ok: false; file: string; message: string };

/** Reads every script that the patterns name, each once, in the order named; a folder stands for its `.js` files. */
export async function readScripts(patterns: readonly string[]): Promise<ScriptFile[]> {
  const found: ScriptFile[] = [];
  const seen = new Set<string>();
  for (const pattern of patterns) {
    const files = await filesOf(pattern);
    if (files.length === 0) found.push(nothing(pattern));
    for (const file of files) {
      if (seen.has(file)) continue;
      seen.add(file);
      found.push(await readScript(file));
    }
  }
  return found;
}

/** Reads one script, which must be text in UTF-8. */
export async function readScript(file: string): Promise<ScriptFile> {
  try {
    const bytes = await readFile(file);
    return { ok: true, file, source: new TextDecoder("utf-8", STRICT).decode(bytes) };
  } catch (error) {
    return { ok: false, file, message: `It cannot be read: ${reasonOf(error)}.` };
  }
}

// A mark at the beginning stays: columns then count as an editor's do, and the check knows it.
const STRICT = { fatal: true, ignoreBOM: true };

async function filesOf(pattern: string): Promise<string[]> {
  const named = await stat(pattern).catch(() => null);
  if (named?.isDirectory() === true) return await matching(join(pattern, "*.js"));
  // A name that is there wins over what it would mean as a glob.
  if (named !== null || !/[*?[\]{}]/.test(pattern)) return [pattern];
  return await matching(pattern);
}

async function matching(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.push(pattern.startsWith("/") ? path : relative("", path));
  }
  return files.sort();
}

function nothing(pattern: string): ScriptFile {
  const message = "No script matches. Give the name of a `.js` file, a folder of them, or a glob.";
  return { ok: false, file: pattern, message };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "you have no right to";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return "it is not text in UTF-8; save it as UTF-8";
  return error instanceof Error ? error.message : String(error);
}
