// The book of a repository's schedules: a sealed hidden ref that moves by compare-and-swap, so that every machine has the same one.

import { z } from "zod";

import type { Identity, Oid } from "../repo/git-data.ts";
import type { House } from "../runs/house.ts";
import { openSeal, type Seal, SealBroken } from "../runs/seal.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { BoardState, emptyState, type RepositoryState, ScheduleState } from "./state.ts";

export const BOOK_REF = "refs/fanfold/schedules/state";

/** What a change makes of the state; null leaves everything as it is. */
export type Change = (state: RepositoryState) => RepositoryState | null;

export interface Book {
  /** As it stands in the repository now. */
  read(ref: RepositoryRef): Promise<RepositoryState>;
  /** As this process saw it last; asks nobody when it did. */
  known(ref: RepositoryRef): Promise<RepositoryState>;
  /** Applies the change to the newest state until nobody was faster. True when it was written, false when it was null. */
  change(ref: RepositoryRef, change: Change): Promise<boolean>;
}

const WRITER: Identity = { name: "fanfold", email: "schedules@fanfold.invalid" };
const BOARD = "board";
const FOLDER = "schedules/";
const ATTEMPTS = 5;

/** Somebody else wrote all the time. */
export class BookBusy extends Error {
  override readonly name = "BookBusy";
}

/** What stands there is not what this bot wrote, and nothing is known that could be put back. */
export class BookBroken extends Error {
  override readonly name = "BookBroken";
  constructor(repository: string, cause: unknown) {
    super(
      `What is remembered of the schedules of ${repository} cannot be read, so nothing starts there. ` +
        `Start the bot with the key that sealed it (FANFOLD_CHECKPOINT_KEY, or the same App key), or delete ${BOOK_REF} ` +
        "to begin anew: dismissed findings count again then.",
      { cause },
    );
  }
}

/** What stood there at a commit; null for a repository without a book. */
interface Page {
  commit: Oid | null;
  state: RepositoryState;
  /** What stands there is not ours, or nothing does: what is written next is all of it. */
  isLost: boolean;
}

interface Shelf {
  house: House;
  /** By the repository's id. */
  pages: Map<number, Page>;
}

export function openBook(house: House): Book {
  const shelf: Shelf = { house, pages: new Map() };
  const turns = new Map<number, Promise<unknown>>();
  /** One change after the other within this process. */
  const inTurn = <T>({ repositoryId }: RepositoryRef, work: () => Promise<T>): Promise<T> => {
    const before = turns.get(repositoryId) ?? Promise.resolve();
    const mine = before.then(work, work);
    turns.set(repositoryId, mine);
    return mine;
  };
  return {
    read: async (ref) => {
      const page = await readPage(shelf, ref);
      if (page.isLost) await inTurn(ref, () => tryChange(shelf, ref, { page, change: same }));
      return page.state;
    },
    known: async (ref) => (shelf.pages.get(ref.repositoryId) ?? (await readPage(shelf, ref))).state,
    change: (ref, change) => inTurn(ref, () => changeBook(shelf, ref, change)),
  };
}

const same: Change = (state) => state;

/** What this process saw last is tried first: when it is not the newest, the push says so. */
async function changeBook(shelf: Shelf, ref: RepositoryRef, change: Change): Promise<boolean> {
  const seen = shelf.pages.get(ref.repositoryId);
  const first = seen === undefined ? "stale" : await tryChange(shelf, ref, { page: seen, change });
  if (first === "pushed") return true;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const page = await readPage(shelf, ref);
    // Nothing to do there on the same page as before is nothing to do.
    if (first === "nothing" && page === seen) return false;
    const came = await tryChange(shelf, ref, { page, change });
    if (came !== "stale") return came === "pushed";
  }
  throw new BookBusy(`The schedules of ${ref.owner}/${ref.name} change all the time.`);
}

async function tryChange(
  { house, pages }: Shelf,
  ref: RepositoryRef,
  { page, change }: { page: Page; change: Change },
): Promise<"pushed" | "stale" | "nothing"> {
  const next = change(page.state);
  if (next === null) return "nothing";
  const { isLost } = page;
  const files = changedFiles(sealOf(house, ref), isLost ? emptyState : page.state, next);
  if (files.size === 0) return "nothing";
  const { mirror } = await house.site(ref);
  const at = house.world.clock.now();
  const { commit: from } = page;
  const parent = isLost ? null : from;
  // A mirror that nobody needed for long is made anew.
  if (parent !== null && !(await mirror.has(parent))) await mirror.fetch(BOOK_REF);
  const message = "schedules";
  const to = await mirror.commitFiles({ parent, files, message, author: WRITER, at });
  const pushed = await mirror.push([{ ref: BOOK_REF, from, to }]);
  if (pushed.kind === "stale") return "stale";
  pages.set(ref.repositoryId, { commit: to, state: next, isLost: false });
  return "pushed";
}

const sealOf = ({ settings }: House, { repositoryId }: RepositoryRef): Seal =>
  openSeal(settings.checkpointSecret, `schedules of ${repositoryId}`);

/**
 * The same object as long as nobody wrote. Where somebody took the ref away or wrote into it, what this process saw last
 * holds, and is written back. Rejects with `BookBroken` when it saw nothing yet.
 */
async function readPage({ house, pages }: Shelf, ref: RepositoryRef): Promise<Page> {
  const { mirror } = await house.site(ref);
  const commit = (await mirror.remoteRefs(BOOK_REF)).get(BOOK_REF) ?? null;
  const seen = pages.get(ref.repositoryId);
  if (seen !== undefined && seen.commit === commit) return seen;
  const fetched = commit === null ? null : await mirror.fetch(BOOK_REF);
  const page = await pageAt({ house, pages }, ref, fetched);
  pages.set(ref.repositoryId, page);
  return page;
}

async function pageAt(
  { house, pages }: Shelf,
  ref: RepositoryRef,
  commit: Oid | null,
): Promise<Page> {
  const seen = pages.get(ref.repositoryId);
  const isWritten = seen !== undefined && (seen.commit !== null || seen.isLost);
  const repository = `${ref.owner}/${ref.name}`;
  if (commit === null) {
    if (!isWritten) return { commit, state: emptyState, isLost: false };
    house.world.log.warn({ repository }, "The book of schedules was taken away; it is put back.");
    return { commit, state: seen.state, isLost: true };
  }
  const { mirror } = await house.site(ref);
  try {
    const state = stateIn(sealOf(house, ref), await mirror.readFiles(commit));
    const kept = isWritten ? [...seen.state.schedules.keys()] : [];
    // No schedule is ever taken out of it.
    if (kept.some((name) => !state.schedules.has(name)))
      throw new SealBroken("Schedules are gone.");
    return { commit, state, isLost: false };
  } catch (err) {
    if (!isWritten) throw new BookBroken(repository, err);
    house.world.log.warn({ repository, err }, "The book of schedules was changed; it is put back.");
    return { commit, state: seen.state, isLost: true };
  }
}

function stateIn(seal: Seal, files: ReadonlyMap<string, Uint8Array>): RepositoryState {
  const read = <T>(path: string, shape: z.ZodType<T>): T =>
    shape.parse(JSON.parse(textOf(seal.open(path, files.get(path) ?? new Uint8Array()))));
  const names = [...files.keys()].filter((path) => path.startsWith(FOLDER));
  if (names.length + (files.has(BOARD) ? 1 : 0) < files.size) {
    throw new SealBroken("There are files in the book of schedules that nobody writes there.");
  }
  const schedules = names.map(
    (path) => [path.slice(FOLDER.length), read(path, ScheduleState)] as const,
  );
  const board = files.has(BOARD) ? read(BOARD, BoardState) : emptyState.board;
  return { schedules: new Map(schedules), board };
}

/** Only what differs is sealed anew: a seal has a fresh nonce each time. */
function changedFiles(
  seal: Seal,
  before: RepositoryState,
  after: RepositoryState,
): Map<string, Uint8Array> {
  const parts = (state: RepositoryState): [string, string][] => [
    [BOARD, JSON.stringify(state.board)],
    ...[...state.schedules].map(([name, each]): [string, string] => [
      `${FOLDER}${name}`,
      JSON.stringify(each),
    ]),
  ];
  const known = new Map(parts(before));
  const changed = parts(after).filter(([path, text]) => known.get(path) !== text);
  return new Map(changed.map(([path, text]) => [path, seal.seal(path, Buffer.from(text))]));
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** With one schedule changed. */
export function withSchedule(
  state: RepositoryState,
  name: string,
  schedule: ScheduleState,
): RepositoryState {
  return { ...state, schedules: new Map([...state.schedules, [name, schedule]]) };
}
