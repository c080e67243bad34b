// A file of lines that is appended to and synced, and written anew when most of it is of no use any more.

import { mkdir, open, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Bytes that may be of no use before the file is written anew, beside as many as are of use. */
const SLACK_BYTES = 256 * 1024;

export interface LineFile {
  /** Survives a crash once it resolves. When it rejects, the lines are not in the file once anything else was written. */
  append(lines: readonly string[]): Promise<void>;
}

export interface LineFileOptions {
  path: string;
  /** All lines that are still of use, those of an `append` under way included. */
  lines: () => readonly string[];
  /** Bytes of the file as it is; null: it is to be written anew. */
  bytes: number | null;
}

/** Lines of `path`, without a last one that a crash tore: it was promised to nobody. Makes the folder. */
export async function readLines(path: string): Promise<{ lines: string[]; bytes: number | null }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(`${path}.new`, { force: true });
  const content = await readIfThere(path);
  if (content === null) return { lines: [], bytes: null };
  const lines = content.toString("utf8").split("\n");
  const torn = lines.pop();
  return { lines, bytes: torn === "" ? content.length : null };
}

/** The file from now on; it belongs to one process, which calls `append` once at a time. */
export function openLineFile({ path, lines, bytes: known }: LineFileOptions): LineFile {
  let bytes = known;
  return {
    async append(more) {
      const living = lines();
      const useful = sizeOf(living);
      const before = bytes;
      // Until the write is through, nobody knows what the file holds.
      bytes = null;
      if (before !== null && living.length === 0) {
        await truncate(path, 0);
        bytes = 0;
      } else if (before === null || before > 2 * useful + SLACK_BYTES) {
        await writeWhole(path, textOf(living));
        bytes = useful;
      } else {
        await appendSynced(path, textOf(more));
        bytes = before + sizeOf(more);
      }
    },
  };
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const sizeOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** A crash leaves the old file or the new one; the folder is synced too, or the name itself could be lost. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(temporary, text, { flush: true, mode: 0o600 });
  await rename(temporary, path);
  await using folder = await open(dirname(path));
  await folder.sync();
}

async function appendSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, "a");
  await file.appendFile(text);
  await file.datasync();
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
