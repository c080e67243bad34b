// The audit log as files of lines in a folder: appended to and synced, a new file when one is full, the oldest ones deleted.

import { mkdir, open, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";

import { type AuditLog, type Audited, type Cause, causeNow } from "../world/audit-log.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import { BEGINNING, chain, hashOfLine } from "./audit-chain.ts";
import { inGroups } from "./in-groups.ts";

export interface AuditFolder {
  /** Made when it is missing. It belongs to one process. */
  dir: string;
  /** A file that is larger gets no further line. */
  bytesMax: number;
  /** Files that are kept. */
  filesMax: number;
  clock: Pick<Clock, "now">;
  log: Pick<Log, "error">;
}

/** Where the next line goes. */
interface End {
  file: number;
  bytes: number;
  last: string;
}

type Row = Audited & Cause & { at: string };

/** Nothing is read or made before the first line. */
export function openAuditLog(folder: AuditFolder): AuditLog {
  const { clock, log } = folder;
  let end: End | null = null;
  const write = inGroups<readonly Row[]>(async (groups) => {
    const rows = groups.flat();
    try {
      const from = end ?? (await endOf(folder.dir));
      // Until the write is through, nobody knows what the file holds.
      end = null;
      end = await append(folder, from, rows);
    } catch (err) {
      log.error(
        { err, rows: rows.length },
        "The audit log could not be written. Look at the disk.",
      );
    }
  });
  return {
    note: async (audited) => {
      const at = new Date(clock.now()).toISOString();
      const cause = causeNow();
      if (audited.length > 0) await write(audited.map((each) => ({ at, ...cause, ...each })));
    },
  };
}

/** All kept lines, oldest first, without a last one that a crash tore. */
export async function readAuditLog(dir: string): Promise<string[]> {
  const lines: string[] = [];
  for (const file of await filesIn(dir)) lines.push(...linesIn(await textOf(dir, file)).whole);
  return lines;
}

async function append(folder: AuditFolder, from: End, rows: readonly Row[]): Promise<End> {
  const { dir, bytesMax } = folder;
  const isFull = from.bytes >= bytesMax;
  const file = isFull ? from.file + 1 : from.file;
  const { lines, last } = chain(rows, from.last);
  const text = lines.map((line) => `${line}\n`).join("");
  await appendSynced(join(dir, nameOf(file)), text);
  if (isFull) await forgetOldest(folder);
  return { file, bytes: (isFull ? 0 : from.bytes) + Buffer.byteLength(text), last };
}

async function appendSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, "a", 0o600);
  await file.appendFile(text);
  await file.datasync();
}

async function endOf(dir: string): Promise<End> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = (await filesIn(dir)).at(-1);
  if (file === undefined) return { file: 1, bytes: 0, last: BEGINNING };
  const { whole, bytes, isTorn } = linesIn(await textOf(dir, file));
  if (isTorn) await truncate(join(dir, nameOf(file)), bytes);
  const line = whole.at(-1);
  if (line !== undefined) return { file, bytes, last: hashOfLine(line) };
  // A new file into which a crash let nothing.
  const before = (await readAuditLog(dir)).at(-1);
  return { file, bytes, last: before === undefined ? BEGINNING : hashOfLine(before) };
}

async function forgetOldest({ dir, filesMax }: AuditFolder): Promise<void> {
  const files = await filesIn(dir);
  for (const file of files.slice(0, Math.max(0, files.length - filesMax))) {
    await rm(join(dir, nameOf(file)), { force: true });
  }
}

const nameOf = (file: number): string => `${String(file).padStart(8, "0")}.jsonl`;

/** Numbers of the files, oldest first. */
async function filesIn(dir: string): Promise<number[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => /^(\d{8})\.jsonl$/u.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((one, other) => one - other);
}

const textOf = (dir: string, file: number): Promise<string> =>
  readFile(join(dir, nameOf(file)), "utf8");

function linesIn(text: string): { whole: string[]; bytes: number; isTorn: boolean } {
  const whole = text.split("\n");
  const torn = whole.pop() ?? "";
  return {
    whole,
    bytes: Buffer.byteLength(text) - Buffer.byteLength(torn),
    isTorn: torn !== "",
  };
}
