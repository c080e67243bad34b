// Searches a commit and unsaved edits on it: ripgrep over the exported texts, and over the edits from memory.

import { SearchRefused, type SearchHit, type SearchOptions } from "./contract.ts";
import type { Oid, TreeEntry } from "./git-data.ts";
import { matcherOf } from "./paths.ts";
import { findMatches, type Matches } from "./ripgrep.ts";
import { type ExportedText, textAt, type TextExport } from "./text-export.ts";

const HITS_DEFAULT = 200;
const HITS_MAX = 5_000;
const TEXT_CHARACTERS_MAX = 300;
const PATTERN_CHARACTERS_MAX = 1_000;

export interface Search {
  texts: TextExport;
  entries: readonly TreeEntry[];
  /** The paths of each blob of the commit. */
  pathsOf: (oid: Oid) => readonly string[];
  /** What differs from the commit; null: removed. */
  edited: ReadonlyMap<string, string | null>;
  pattern: string;
  options?: SearchOptions | undefined;
}

/** Matches of one file, by their bytes in it. */
interface Found {
  path: string;
  offsets: number[];
  read: () => Promise<Buffer>;
}

/** Hits in order of path and line, one for each line; `cut` when there are more. Rejects with `SearchRefused`. */
export async function searchTexts(search: Search): Promise<{ hits: SearchHit[]; cut: boolean }> {
  const { pattern, options } = search;
  if (pattern === "" || pattern.length > PATTERN_CHARACTERS_MAX || /[\0\n]/.test(pattern)) {
    throw new SearchRefused(
      `The pattern must be one line of 1 to ${PATTERN_CHARACTERS_MAX} characters: search for a shorter part of it.`,
    );
  }
  const limit = Math.min(Math.max(1, options?.limit ?? HITS_DEFAULT), HITS_MAX);
  const matches = options?.glob === undefined ? () => true : matcherOf(options.glob);
  const [committed, edited] = await Promise.all([inCommit(search), inEdits(search)]);
  const found = [...committed.found, ...edited.found]
    .filter(({ path }) => matches(path))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const hits: SearchHit[] = [];
  for (const file of found) {
    for (const hit of hitsIn(file.path, await file.read(), file.offsets)) {
      if (hits.length === limit) return { hits, cut: true };
      hits.push(hit);
    }
  }
  return { hits, cut: committed.cut || edited.cut };
}

async function inCommit(search: Search): Promise<{ found: Found[]; cut: boolean }> {
  const { texts, pattern, pathsOf, edited } = search;
  await texts.add(search.entries);
  const { offsets, cut } = await findMatches(pattern, { files: texts.files() });
  const found: Found[] = [];
  for (const [file, places] of offsets) {
    for (const [text, inText] of byText(places, (offset) => texts.textAt(file, offset))) {
      const read = (): Promise<Buffer> => texts.read(file, text);
      const unedited = pathsOf(text.oid).filter((path) => !edited.has(path));
      found.push(...unedited.map((path) => ({ path, offsets: inText, read })));
    }
  }
  return { found, cut };
}

async function inEdits({ edited, pattern }: Search): Promise<{ found: Found[]; cut: boolean }> {
  const written = [...edited].flatMap(([path, text]) =>
    text === null ? [] : [{ path, bytes: Buffer.from(`${text}\n`) }],
  );
  if (written.length === 0) return { found: [], cut: false };
  let end = 0;
  const places = written.map(({ path, bytes }) => {
    const place = { oid: path, start: end, size: bytes.length - 1 };
    end += bytes.length;
    return place;
  });
  const text = written.map(({ bytes }) => bytes);
  const { offsets, cut }: Matches = await findMatches(pattern, { text });
  const all = [...offsets.values()].flat();
  const found = [...byText(all, (offset) => textAt(places, offset))].map(([place, inText]) => ({
    path: place.oid,
    offsets: inText,
    read: async () => written.find(({ path }) => path === place.oid)?.bytes ?? Buffer.alloc(0),
  }));
  return { found, cut };
}

/** Places of matches by the text they are in, counted from its start; what is in none is left out. */
function byText(
  offsets: readonly number[],
  find: (offset: number) => ExportedText | null,
): Map<ExportedText, number[]> {
  const found = new Map<ExportedText, number[]>();
  for (const offset of offsets) {
    const text = find(offset);
    if (text === null) continue;
    const inText = found.get(text) ?? [];
    if (inText.length === 0) found.set(text, inText);
    inText.push(offset - text.start);
  }
  return found;
}

/** One hit for each line that a match begins in. */
function* hitsIn(path: string, bytes: Buffer, offsets: readonly number[]): Generator<SearchHit> {
  let line = 1;
  let start = 0;
  let told = 0;
  for (const offset of offsets.toSorted((one, other) => one - other)) {
    for (let end = bytes.indexOf(10, start); end >= 0 && end < offset;) {
      line += 1;
      start = end + 1;
      end = bytes.indexOf(10, start);
    }
    if (line === told) continue;
    told = line;
    yield { path, line, text: lineAt(bytes, start) };
  }
}

function lineAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(10, start);
  const last = Math.min(end < 0 ? bytes.length : end, start + TEXT_CHARACTERS_MAX * 4);
  return bytes.toString("utf8", start, last).slice(0, TEXT_CHARACTERS_MAX).replace(/\r$/, "");
}
