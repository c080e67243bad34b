// The inbox as a file of lines: what came and what was answered, on the disk before anybody is told that we have it.

import { appendFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { type Inbox, InboxFull, type Letter, letterKey, Written } from "../world/inbox.ts";
import type { Log } from "../world/log.ts";
import { inGroups } from "./in-groups.ts";
import { openLineFile, readLines } from "./line-file.ts";

export interface FolderInboxOptions {
  dir: string;
  /** Letters at most. */
  lettersMax: number;
  /** Bytes of all letters at most. */
  bytesMax: number;
  log: Log;
}

/** Says that the letter of this name was answered. */
const Gone = z.strictObject({ v: z.literal(1), gone: z.string() });
const Line = z.union([Gone, Written]);

interface Kept {
  letter: Letter;
  line: string;
  bytes: number;
  /** When it is on disk. */
  written: Promise<void>;
}

interface Opened {
  kept: Map<string, Kept>;
  /** Bytes of all of them. */
  size: { bytes: number };
  write: (line: string) => Promise<void>;
}

/** Opens the folder; it is made, and read, when first needed. It belongs to one process. */
export function openFolderInbox(options: FolderInboxOptions): Inbox {
  let opening: Promise<Opened> | null = null;
  const opened = (): Promise<Opened> => {
    opening ??= open(options).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    keep: async (letter) => keep(options, await opened(), letter),
    letters: async () => {
      const { kept } = await opened();
      return [...kept.values()].map(({ letter }) => letter).toSorted((a, b) => a.at - b.at);
    },
    remove: async (letter) => {
      const { write, ...all } = await opened();
      const name = letterKey(letter);
      if (forget(all, name)) await write(JSON.stringify({ v: 1, gone: name }));
    },
  };
}

async function open({ dir, log }: FolderInboxOptions): Promise<Opened> {
  const path = join(dir, "letters.jsonl");
  const { lines, bytes } = await readLines(path);
  const { kept, damaged } = read(lines);
  if (damaged.length > 0) await setAside(`${path}.damaged`, damaged, log);
  const file = openLineFile({
    path,
    // What cannot be read is beside the file and leaves it with the next writing.
    bytes: damaged.length > 0 ? null : bytes,
    lines: () => [...kept.values()].map(({ line }) => line),
  });
  const size = { bytes: [...kept.values()].reduce((sum, letter) => sum + letter.bytes, 0) };
  return { kept, size, write: inGroups((group) => file.append(group)) };
}

function read(lines: readonly string[]): { kept: Map<string, Kept>; damaged: string[] } {
  const kept = new Map<string, Kept>();
  const damaged: string[] = [];
  for (const line of lines) {
    const said = parse(line);
    if (said === null) damaged.push(line);
    else if ("gone" in said) kept.delete(said.gone);
    else {
      const letter = { at: said.at, event: said.event };
      kept.set(letterKey(letter), {
        letter,
        line,
        bytes: Buffer.byteLength(line),
        written: Promise.resolve(),
      });
    }
  }
  return { kept, damaged };
}

function parse(line: string): z.infer<typeof Line> | null {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    // What is wrong with it would quote it; that it cannot be read is enough for the log.
    return null;
  }
}

async function setAside(file: string, lines: readonly string[], log: Log): Promise<void> {
  await appendFile(file, lines.map((line) => `${line}\n`).join(""), { flush: true, mode: 0o600 });
  const advice = "Comments in the inbox cannot be read and were set aside. Ask for them again.";
  log.error({ file, lines: lines.length }, advice);
}

async function keep(
  options: FolderInboxOptions,
  { kept, size, write }: Opened,
  letter: Letter,
): Promise<void> {
  const name = letterKey(letter);
  const known = kept.get(name);
  if (known !== undefined) return known.written;
  const line = JSON.stringify({ v: 1, ...letter });
  const bytes = Buffer.byteLength(line);
  mustHaveRoom(options, { letters: kept.size, used: size.bytes, bytes });
  // Its room is taken before it is written, so that letters that come together cannot share it.
  const written = write(line);
  kept.set(name, { letter, line, bytes, written });
  size.bytes += bytes;
  try {
    await written;
  } catch (error) {
    forget({ kept, size }, name);
    throw error;
  }
}

function forget({ kept, size }: Pick<Opened, "kept" | "size">, name: string): boolean {
  size.bytes -= kept.get(name)?.bytes ?? 0;
  return kept.delete(name);
}

function mustHaveRoom(
  { lettersMax, bytesMax }: FolderInboxOptions,
  { letters, used, bytes }: { letters: number; used: number; bytes: number },
): void {
  if (letters < lettersMax && used + bytes <= bytesMax) return;
  throw new InboxFull(`${letters} comments (${used} bytes) wait to be answered already.`);
}
