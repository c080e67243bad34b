// The texts of a repository one after the other in a few files, for searching: each blob once, whatever commit holds it.

import { randomUUID } from "node:crypto";
import { type FileHandle, lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { openCatFile } from "./cat-file.ts";
import type { Oid, TreeEntry } from "./git-data.ts";
import { TEXT_BYTES_MAX } from "./text.ts";

const SHARDS = 4;
const GROUP_BYTES_MAX = 16 * 1024 * 1024;
const EXPORT_BYTES_MAX = 4 * 1024 * 1024 * 1024;
const SNIFFED_BYTES = 8_000;

/** Where one blob's text is. */
export interface ExportedText {
  oid: Oid;
  start: number;
  size: number;
}

export interface TextExport extends AsyncDisposable {
  /** Takes in what is text among these and not there yet. */
  add(entries: readonly TreeEntry[]): Promise<void>;
  files(): string[];
  /** The text that a byte of a file belongs to; null for none. */
  textAt(file: string, offset: number): ExportedText | null;
  read(file: string, text: ExportedText): Promise<Buffer>;
}

interface Shard {
  path: string;
  handle: FileHandle;
  bytes: number;
  /** By start. */
  texts: ExportedText[];
}

/** Nothing is written before the first `add`. The files hold what the repository holds, and live as long as this process. */
export function openTextExport(gitDir: string, parent: string): TextExport {
  const known = new Set<Oid>();
  let shards: Shard[] | null = null;
  let opened = false;
  let turn: Promise<unknown> = Promise.resolve();
  const discard = async (): Promise<void> => {
    const old = shards ?? [];
    shards = null;
    known.clear();
    for (const { handle, path } of old) {
      await handle.close();
      await rm(path, { force: true });
    }
  };
  const take = async (entries: readonly TreeEntry[]): Promise<void> => {
    const held = (shards ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    if (held > EXPORT_BYTES_MAX) await discard();
    const missing = entries.filter((entry) => isWanted(entry) && !known.has(entry.oid));
    if (missing.length === 0) return;
    opened = true;
    shards ??= await openShards(parent);
    await using catFile = openCatFile(gitDir);
    for (const group of groupsOf(missing)) {
      const objects = await Promise.all(group.map(({ oid }) => catFile.contents(oid)));
      await append(
        smallest(shards),
        objects.flatMap((object) => (object === null ? [] : [object])),
      );
      for (const { oid } of group) known.add(oid);
    }
  };
  return {
    add: (entries) => {
      const mine = turn.then(() => take(entries));
      // The next one does not depend on how this one ended.
      turn = mine.catch(() => undefined);
      return mine;
    },
    files: () => (shards ?? []).filter(({ bytes }) => bytes > 0).map(({ path }) => path),
    textAt: (file, offset) => textAt(shardOf(shards, file).texts, offset),
    read: async (file, { start, size }) => {
      const { handle } = shardOf(shards, file);
      const { buffer } = await handle.read(Buffer.alloc(size), 0, size, start);
      return buffer;
    },
    [Symbol.asyncDispose]: async () => {
      await turn;
      await discard();
      if (opened) await rm(folderOf(parent), { recursive: true, force: true });
    },
  };
}

const isWanted = ({ mode, size }: TreeEntry): boolean =>
  mode.startsWith("100") && size !== null && size > 0 && size <= TEXT_BYTES_MAX;

const life = randomUUID();
const folderOf = (parent: string): string => join(parent, `${process.pid}-${life}`);

/** A folder of this process; those of processes that are gone are removed. */
async function openShards(parent: string): Promise<Shard[]> {
  const folder = folderOf(parent);
  await makeWay(parent);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(parent)) {
    const isMine = join(parent, name) === folder;
    if (!isMine && !isAlive(Number.parseInt(name, 10))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
  return Promise.all(
    Array.from({ length: SHARDS }, async () => {
      const path = join(folder, randomUUID());
      return { path, handle: await open(path, "wx+", 0o600), bytes: 0, texts: [] };
    }),
  );
}

/** Something else under the name is nobody's: what stands here can always be made again. */
async function makeWay(parent: string): Promise<void> {
  const found = await lstat(parent).catch(() => null);
  if (found !== null && !found.isDirectory()) await rm(parent, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** So many at a time that they fit into memory. */
function groupsOf(entries: readonly TreeEntry[]): TreeEntry[][] {
  const groups: TreeEntry[][] = [];
  let bytes = Infinity;
  for (const entry of new Map(entries.map((one) => [one.oid, one])).values()) {
    bytes += entry.size ?? 0;
    if (bytes > GROUP_BYTES_MAX) {
      groups.push([]);
      bytes = entry.size ?? 0;
    }
    groups.at(-1)?.push(entry);
  }
  return groups;
}

const smallest = (shards: readonly Shard[]): Shard =>
  shards.reduce((one, other) => (other.bytes < one.bytes ? other : one));

/** A line ends with its text, so none reaches into the next. */
async function append(
  shard: Shard,
  objects: readonly { oid: Oid; bytes: Buffer }[],
): Promise<void> {
  const parts: Buffer[] = [];
  const texts: ExportedText[] = [];
  let end = shard.bytes;
  for (const { oid, bytes } of objects) {
    if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) continue;
    texts.push({ oid, start: end, size: bytes.length });
    parts.push(bytes, NEWLINE);
    end += bytes.length + 1;
  }
  await shard.handle.write(Buffer.concat(parts), 0, null, shard.bytes);
  // Only now: whoever searches meanwhile finds no text that is not whole.
  shard.texts.push(...texts);
  shard.bytes = end;
}

const NEWLINE = Buffer.from("\n");

function shardOf(shards: readonly Shard[] | null, file: string): Shard {
  const shard = shards?.find(({ path }) => path === file);
  if (shard === undefined)
    throw new Error("The texts were put away during a search; search again.");
  return shard;
}

/** By halves: the last text that starts at or before the offset, if it reaches that far. */
export function textAt(texts: readonly ExportedText[], offset: number): ExportedText | null {
  let [low, high] = [0, texts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle]?.start ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  const text = texts[low - 1];
  return text !== undefined && offset < text.start + text.size ? text : null;
}
