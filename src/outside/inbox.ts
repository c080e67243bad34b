// The inbox as a folder: one file a comment, on the disk before anybody is told that we have it.

import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { RepositoryRef } from "../world/forge.ts";
import { type Inbox, InboxFull, type Letter, letterKey, sources } from "../world/inbox.ts";
import type { Log } from "../world/log.ts";

export interface FolderInboxOptions {
  dir: string;
  /** Letters at most. */
  lettersMax: number;
  /** Bytes of all letters at most. */
  bytesMax: number;
  log: Log;
}

const Account = z.object({ id: z.int(), login: z.string(), type: z.string() });

/** A letter as it stands in its file. */
const Written = z.object({
  v: z.literal(1),
  at: z.number(),
  event: z.object({
    source: z.enum(sources),
    key: z.string().regex(/^[a-z\d-]{1,100}$/u),
    place: z
      .object({
        path: z.string(),
        line: z.int().nullable(),
        side: z.enum(["LEFT", "RIGHT"]),
        hunk: z.string(),
      })
      .nullable(),
    repository: RepositoryRef,
    thread: z.int(),
    isPullRequest: z.boolean(),
    comment: z.object({
      id: z.int(),
      body: z.string(),
      authorId: z.int(),
      authorLogin: z.string(),
      authorType: z.string(),
      viaApp: z.boolean(),
    }),
    sender: Account,
    delivery: z.string(),
  }),
});

/** Bytes by name of every letter on disk, or on its way there. */
type Sizes = Map<string, number>;
/** Letters on their way, by name. */
type Writing = Map<string, Promise<void>>;

/** Opens the folder; it is made, and read, when first needed. It belongs to one process. */
export function openFolderInbox(options: FolderInboxOptions): Inbox {
  let opening: Promise<Sizes> | null = null;
  const writing: Writing = new Map();
  const sizes = (): Promise<Sizes> => {
    opening ??= sizesIn(options.dir).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    async keep(letter) {
      const known = await sizes();
      const name = nameOf(letter);
      const underWay = writing.get(name);
      if (underWay !== undefined) return underWay;
      if (known.has(name)) return;
      const kept = keep(options, known, letter).finally(() => writing.delete(name));
      writing.set(name, kept);
      return kept;
    },
    letters: async () => readAll(options, await sizes()),
    async remove(letter) {
      const name = nameOf(letter);
      const known = await sizes();
      await rm(join(options.dir, name), { force: true });
      known.delete(name);
    },
  };
}

const nameOf = (letter: Letter): string => `${letterKey(letter)}.json`;
const isLetter = (name: string): boolean => /^\d+-[a-z\d-]+\.json$/u.test(name);

async function sizesIn(dir: string): Promise<Sizes> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await readdir(dir);
  // What a crash in mid-write left was promised to nobody.
  const torn = found.filter((name) => name.endsWith(".json.new"));
  await Promise.all(torn.map((name) => rm(join(dir, name), { force: true })));
  const names = found.filter(isLetter);
  const entries = names.map(async (name) => [name, (await stat(join(dir, name))).size] as const);
  return new Map(await Promise.all(entries));
}

async function keep(options: FolderInboxOptions, sizes: Sizes, letter: Letter): Promise<void> {
  const name = nameOf(letter);
  const text = `${JSON.stringify({ v: 1, ...letter })}\n`;
  const bytes = Buffer.byteLength(text);
  mustHaveRoom(options, sizes, bytes);
  // Its room is taken before it is written, so that letters that come together cannot share it.
  sizes.set(name, bytes);
  try {
    await writeWhole(options.dir, name, text);
  } catch (error) {
    sizes.delete(name);
    throw error;
  }
}

function mustHaveRoom({ lettersMax, bytesMax }: FolderInboxOptions, sizes: Sizes, bytes: number) {
  const used = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (sizes.size < lettersMax && used + bytes <= bytesMax) return;
  throw new InboxFull(`${sizes.size} comments (${used} bytes) wait to be answered already.`);
}

/** A crash leaves the whole file or none under its name; the folder is synced too, or the name itself could be lost. */
async function writeWhole(dir: string, name: string, text: string): Promise<void> {
  const temporary = join(dir, `${name}.new`);
  await writeFile(temporary, text, { flush: true, mode: 0o600 });
  await rename(temporary, join(dir, name));
  await using folder = await open(dir);
  await folder.sync();
}

async function readAll(options: FolderInboxOptions, sizes: Sizes): Promise<Letter[]> {
  const letters = await Promise.all([...sizes.keys()].map((name) => readOne(options, sizes, name)));
  return letters.filter((letter) => letter !== null).toSorted((a, b) => a.at - b.at);
}

async function readOne(
  { dir, log }: FolderInboxOptions,
  sizes: Sizes,
  name: string,
): Promise<Letter | null> {
  const path = join(dir, name);
  const text = await readIfThere(path);
  // Answered, or not quite written yet.
  if (text === null) return null;
  const letter = parse(text);
  if (letter !== null) return letter;
  await rename(path, `${path}.damaged`);
  sizes.delete(name);
  const advice = "A comment in the inbox cannot be read and was set aside. Ask for it again.";
  log.error({ file: `${path}.damaged` }, advice);
  return null;
}

function parse(text: string): Letter | null {
  try {
    const { at, event } = Written.parse(JSON.parse(text));
    return { at, event };
  } catch {
    // What is wrong with it would quote it; that it cannot be read is enough for the log.
    return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
