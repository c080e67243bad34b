// Unsaved edits on a snapshot: what an agent sees and changes, kept in memory until it becomes a commit.

import { EditRefused, type Overlay } from "./contract.ts";
import type { Edit, FileContent, TreeEntry } from "./git-data.ts";
import { replaceOnce, withLineEndingsOf } from "./edit-text.ts";
import { checkPath, tidyPath } from "./path-gate.ts";
import { matcherOf, sortPaths } from "./paths.ts";
import { checkPlaceFor } from "./places.ts";
import type { OpenSnapshot } from "./snapshot.ts";
import { TEXT_BYTES_MAX } from "./text.ts";

const EDITED_FILES_MAX = 2_000;
const EDITED_BYTES_MAX = 32 * 1024 * 1024;

/** Opens an empty overlay. Edits are made one after the other, in the order asked, whoever asks. */
export function openOverlay(base: OpenSnapshot): Overlay {
  const state: State = { base, edited: new Map() };
  const inTurn = openTurns();
  return {
    base,
    paths: (glob) => pathsOf(state, glob),
    read: (path) => readThrough(state, path),
    edits: () => inTurn(() => Promise.resolve(editsOf(state))),
    write: (path, text) => inTurn(() => write(state, checkPath(path), text)),
    edit: (path, from, to) => inTurn(() => edit(state, checkPath(path), { from, to })),
    remove: (path) => inTurn(() => remove(state, checkPath(path))),
    // A copy, taken in turn: edits that come during the search are not seen half.
    move: (from, to) => inTurn(() => move(state, checkPath(from), checkPath(to))),
    search: async (...asked) => base.searchWith(await inTurn(() => textsOf(state)), ...asked),
  };
}

/** What stands at a path instead of what the base has there: nothing, a text, or a file of the base that was moved here. */
type Edited = null | { text: string; from?: TreeEntry } | { moved: TreeEntry };

interface State {
  base: OpenSnapshot;
  /** Holds only what differs from the base. */
  edited: Map<string, Edited>;
}

/** Runs one piece of work after the other. */
function openTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // The next edit does not depend on whether this one was refused.
    last = turn.catch(() => {});
    return turn;
  };
}

async function readThrough({ base, edited }: State, path: string): Promise<FileContent | null> {
  const found = edited.get(edited.has(path) ? path : tidyPath(path));
  if (found === undefined) return base.read(path);
  if (found === null) return null;
  return "text" in found ? { kind: "text", text: found.text } : await base.readEntry(found.moved);
}

async function pathsOf({ base, edited }: State, glob: string | undefined): Promise<string[]> {
  if (edited.size === 0) return base.paths(glob);
  const kept = (await base.paths()).filter((path) => !edited.has(path));
  const made = [...edited].filter(([, now]) => now !== null).map(([path]) => path);
  return sortPaths([...kept, ...made]).filter(glob === undefined ? () => true : matcherOf(glob));
}

const editsOf = ({ edited }: State): Edit[] =>
  sortPaths(edited.keys()).map((path): Edit => {
    const now = edited.get(path) ?? null;
    if (now === null) return { path, content: null };
    if ("moved" in now) return { path, moved: now.moved };
    const { text: content, from } = now;
    return { path, content, ...(from === undefined ? {} : { from }) };
  });

/** The edits as texts, moved files included; null: nothing stands there that could be searched. */
async function textsOf(state: State): Promise<Map<string, string | null>> {
  const texts = [...state.edited.keys()].map(async (path) => {
    const content = await readThrough(state, path);
    return [path, content?.kind === "text" ? content.text : null] as const;
  });
  return new Map(await Promise.all(texts));
}

async function write(state: State, path: string, text: string): Promise<void> {
  const before = await readThrough(state, path);
  const fitting = before === null ? text : withLineEndingsOf(textOf(path, before), text);
  return put(state, path, fitting);
}

async function edit(
  state: State,
  path: string,
  change: { from: string; to: string },
): Promise<void> {
  const before = await readThrough(state, path);
  if (before === null) throw new EditRefused(nothingThere(path));
  return put(state, path, replaceOnce(path, textOf(path, before), change));
}

async function remove(state: State, path: string): Promise<void> {
  if ((await readThrough(state, path)) === null) throw new EditRefused(nothingThere(path));
  await checkPlaceFor(state, path);
  await clear(state, path);
}

async function clear({ base, edited }: State, path: string): Promise<void> {
  if ((await base.entry(path)) === null) edited.delete(path);
  else edited.set(path, null);
}

async function put(state: State, path: string, text: string): Promise<void> {
  checkText(path, text);
  await checkPlaceFor(state, path);
  const now = state.edited.get(path) ?? null;
  const from = now === null ? undefined : "moved" in now ? now.moved : now.from;
  const made = { text, ...(from === undefined ? {} : { from }) };
  if (!(await isAsBefore(state, path, made))) checkRoom(state.edited, path, text);
  await settle(state, path, made);
}

async function move(state: State, from: string, to: string): Promise<void> {
  const now = await movable(state, from, to);
  const before = state.edited.get(from);
  // The old name makes room first: the new one may differ from it only in case.
  await clear(state, from);
  try {
    await checkPlaceFor(state, to);
    if (state.edited.size >= EDITED_FILES_MAX) throw new EditRefused(noRoom(to));
  } catch (error) {
    if (before === undefined) state.edited.delete(from);
    else state.edited.set(from, before);
    throw error;
  }
  await settle(state, to, now);
}

/** What stands there, ready to stand elsewhere; `EditRefused` says why it cannot. */
async function movable(state: State, from: string, to: string): Promise<NonNullable<Edited>> {
  if (from === to) throw new EditRefused("Both names are the same, so nothing would change.");
  const standing = await state.base.entry(from);
  const now = state.edited.get(from) ?? null;
  if (now === null && (standing === null || state.edited.has(from))) {
    throw new EditRefused(nothingThere(from));
  }
  await checkPlaceFor(state, from);
  if ((await readThrough(state, to)) !== null) {
    throw new EditRefused(
      `There is a file ${JSON.stringify(to)} already: delete it first, or choose another name.`,
    );
  }
  if (standing === null) return now ?? { text: "" };
  if (now === null) return { moved: standing };
  return "text" in now && now.from === undefined ? { ...now, from: standing } : now;
}

/** Notes what stands there now; what is as the base has it is no edit. */
async function settle(state: State, path: string, now: NonNullable<Edited>): Promise<void> {
  if (await isAsBefore(state, path, now)) state.edited.delete(path);
  else state.edited.set(path, now);
}

async function isAsBefore(
  { base }: State,
  path: string,
  now: NonNullable<Edited>,
): Promise<boolean> {
  const standing = await base.entry(path);
  if (standing === null) return false;
  if ("moved" in now) return standing.oid === now.moved.oid && standing.mode === now.moved.mode;
  if (now.from !== undefined && now.from.mode !== standing.mode) return false;
  const before = await base.read(path);
  return before?.kind === "text" && before.text === now.text;
}

const nothingThere = (path: string): string =>
  `There is no file ${JSON.stringify(path)}. List the files first; write a new file to create one.`;

/** The text of a file that may be edited; `EditRefused` says why another may not. */
function textOf(path: string, content: FileContent): string {
  if (content.kind === "text") return content.text;
  throw new EditRefused(`${JSON.stringify(path)} ${whyNoText(content)}`);
}

function whyNoText(content: Exclude<FileContent, { kind: "text" }>): string {
  switch (content.kind) {
    case "too-large":
      return `has ${content.size} bytes; files over ${TEXT_BYTES_MAX} bytes are not edited.`;
    case "link":
      return `is a symbolic link to ${JSON.stringify(content.target)}; edit the file it names instead.`;
    case "submodule":
      return "is a submodule: its files belong to another repository.";
    case "binary":
    default:
      return `is no UTF-8 text (${content.size} bytes); such files are left as they are.`;
  }
}

function checkText(path: string, text: string): void {
  const shown = JSON.stringify(path);
  if (Buffer.byteLength(text) > TEXT_BYTES_MAX) {
    throw new EditRefused(
      `The new text of ${shown} is over ${TEXT_BYTES_MAX} bytes: split it into smaller files.`,
    );
  }
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new EditRefused(
      `The new text of ${shown} holds a NUL or half a character; only text can be written.`,
    );
  }
}

function checkRoom(edited: ReadonlyMap<string, Edited>, path: string, text: string): void {
  let bytes = Buffer.byteLength(text);
  for (const [other, now] of edited) {
    if (other !== path && now !== null && "text" in now) bytes += Buffer.byteLength(now.text);
  }
  if (edited.size < EDITED_FILES_MAX && bytes <= EDITED_BYTES_MAX) return;
  throw new EditRefused(noRoom(path));
}

const noRoom = (path: string): string =>
  `One change may touch ${EDITED_FILES_MAX} files and ${EDITED_BYTES_MAX} bytes; ${JSON.stringify(path)} is beyond it. ` +
  "Finish with what is done and name what is left.";
