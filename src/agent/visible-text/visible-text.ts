// The way in for Markdown that others wrote: only what a person sees of it, read in a thread of its own, within limits.

import { Worker } from "node:worker_threads";

import { z } from "zod";

import { noneDropped, type Dropped } from "./dropped.ts";

/** Characters that are looked at. GitHub cuts a comment at 65,536. */
const SOURCE_CHARS = 262_144;
/** Characters of the result. */
const VISIBLE_CHARS = 60_000;
/** Markdown can be written so that reading it takes hours; an honest comment takes milliseconds. */
const READING_MS = 5000;
const READING_MEGABYTES = 256;

export interface Visible {
  text: string;
  dropped: Dropped;
  /** False when it could not be read within the limits; the text then says so, and holds nothing of the source. */
  readable: boolean;
}

const Answer = z.object({
  text: z.string(),
  dropped: z.object({
    comments: z.int(),
    elements: z.int(),
    attributes: z.int(),
    definitions: z.int(),
    characters: z.int(),
  }),
});

/**
 * What a person sees of a Markdown text: no comments, hidden elements, attributes, definitions or invisible characters;
 * collapsed parts are labelled. Cut after all that, with a mark.
 */
export async function visibleText(
  markdown: string,
  { readingMs = READING_MS }: { readingMs?: number } = {},
): Promise<Visible> {
  const read = await readInThread(markdown.slice(0, SOURCE_CHARS), readingMs);
  if (read === null) return { text: UNREADABLE, dropped: noneDropped, readable: false };
  const left = read.text.length - VISIBLE_CHARS;
  const cut = left > 0 || markdown.length > SOURCE_CHARS;
  const text = cut ? `${read.text.slice(0, VISIBLE_CHARS)}\n${CUT}` : read.text;
  return { text, dropped: read.dropped, readable: true };
}

const UNREADABLE =
  "[This text was left out: its Markdown could not be read within the limits. Write it more simply.]";
const CUT = `[Cut: the text goes on; ${VISIBLE_CHARS} characters of it are shown.]`;

async function readInThread(
  markdown: string,
  readingMs: number,
): Promise<z.infer<typeof Answer> | null> {
  const thread = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: markdown,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: READING_MEGABYTES },
  });
  const { promise, resolve } = Promise.withResolvers<z.infer<typeof Answer> | null>();
  // Computing of another thread, measured by the machine's own time.
  const limit = setTimeout(() => resolve(null), readingMs);
  thread.once("message", (message: unknown) => resolve(Answer.parse(message)));
  // Its memory or its stack ran out: the text is to blame, and is left out.
  thread.once("error", () => resolve(null));
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    await thread.terminate();
  }
}
