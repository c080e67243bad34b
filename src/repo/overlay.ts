// Unsaved edits on a snapshot: what an agent sees and changes, kept in memory until it becomes a commit.

import { EditRefused, type Overlay } from "./contract.ts";
import type { Edit, FileContent } from "./git-data.ts";
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
    search: async (...asked) =>
      base.searchWith(await inTurn(() => Promise.resolve(new Map(state.edited))), ...asked),
  };
}

interface State {
  base: OpenSnapshot;
  /** Holds only what differs from the base; null: removed. */
  edited: Map<string, string | null>;
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
  const text = edited.get(edited.has(path) ? path : tidyPath(path));
  if (text === undefined) return base.read(path);
  return text === null ? null : { kind: "text", text };
}

async function pathsOf({ base, edited }: State, glob: string | undefined): Promise<string[]> {
  if (edited.size === 0) return base.paths(glob);
  const kept = (await base.paths()).filter((path) => !edited.has(path));
  const made = [...edited].filter(([, text]) => text !== null).map(([path]) => path);
  return sortPaths([...kept, ...made]).filter(glob === undefined ? () => true : matcherOf(glob));
}

const editsOf = ({ edited }: State): Edit[] =>
  sortPaths(edited.keys()).map((path) => ({ path, content: edited.get(path) ?? null }));

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
  if ((await state.base.entry(path)) === null) state.edited.delete(path);
  else state.edited.set(path, null);
}

async function put(state: State, path: string, text: string): Promise<void> {
  checkText(path, text);
  await checkPlaceFor(state, path);
  const before = await state.base.read(path);
  if (before?.kind === "text" && before.text === text) state.edited.delete(path);
  else {
    checkRoom(state.edited, path, text);
    state.edited.set(path, text);
  }
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

function checkRoom(edited: ReadonlyMap<string, string | null>, path: string, text: string): void {
  let bytes = Buffer.byteLength(text);
  for (const [other, content] of edited) {
    if (other !== path && content !== null) bytes += Buffer.byteLength(content);
  }
  if (edited.size < EDITED_FILES_MAX && bytes <= EDITED_BYTES_MAX) return;
  throw new EditRefused(
    `One change may touch ${EDITED_FILES_MAX} files and ${EDITED_BYTES_MAX} bytes; ${JSON.stringify(path)} is beyond it. ` +
      "Finish with what is done and name what is left.",
  );
}
