// State of a repository that every machine shares: a sealed hidden ref that moves by compare-and-swap.

import type { Identity, Oid } from "../repo/git-data.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { changedFiles, openFiles } from "./book-files.ts";
import type { House } from "./house.ts";
import { openSeal, type Seal, SealBroken } from "./seal.ts";

/** One kind of state: where it stands, and how it is written as files. */
export interface BookKind<State> {
  ref: string;
  /** What it is about, for messages and as the seal's name. */
  about: string;
  empty: State;
  /** Every file of a state, by path. */
  write(state: State): ReadonlyMap<string, string>;
  /** Throws when the files are none of ours. */
  read(files: ReadonlyMap<string, string>): State;
  /** Whether something is gone that is never taken out of it. */
  lacks(state: State, seen: State): boolean;
  /** What begins anew when somebody deletes the ref. */
  anew: string;
}

export interface HiddenBook<State> {
  /** As it stands in the repository now. */
  read(ref: RepositoryRef): Promise<State>;
  /** As this process saw it last; asks nobody when it did. */
  known(ref: RepositoryRef): Promise<State>;
  /** Applies the change to the newest state until nobody was faster. True when it was written, false when it was null. */
  change(ref: RepositoryRef, change: (state: State) => State | null): Promise<boolean>;
}

const ATTEMPTS = 5;

/** Somebody else wrote all the time. */
export class BookBusy extends Error {
  override readonly name = "BookBusy";
}

/** What stands there is not what this bot wrote, and nothing is known that could be put back. */
class BookBroken extends Error {
  override readonly name = "BookBroken";
}

const brokenSentence = (
  { about, ref, anew }: Pick<BookKind<unknown>, "about" | "ref" | "anew">,
  repository: string,
): string =>
  `What is remembered of the ${about} of ${repository} cannot be read, so nothing starts there. ` +
  `Start the bot with the key that sealed it (FANFOLD_CHECKPOINT_KEY, or the same App key), or delete ${ref} ` +
  `to begin anew: ${anew}`;

/** What stood there at a commit; null for a repository without a book. */
interface Page<State> {
  commit: Oid | null;
  state: State;
  /** What stands there is not ours, or nothing does: what is written next is all of it. */
  isLost: boolean;
  /** Files that are sealed with an older key: whatever is written next takes them along. */
  older: readonly string[];
}

const NONE_OLDER: readonly string[] = [];

interface Shelf<State> {
  house: House;
  kind: BookKind<State>;
  /** By the repository's id. */
  pages: Map<number, Page<State>>;
}

export function openHiddenBook<State>(house: House, kind: BookKind<State>): HiddenBook<State> {
  const shelf: Shelf<State> = { house, kind, pages: new Map() };
  const turns = new Map<number, Promise<unknown>>();
  /** One change after the other within this process. */
  const inTurn = <T>({ repositoryId }: RepositoryRef, work: () => Promise<T>): Promise<T> => {
    const before = turns.get(repositoryId) ?? Promise.resolve();
    const mine = before.then(work, work);
    turns.set(repositoryId, mine);
    return mine;
  };
  const read = async (ref: RepositoryRef): Promise<State> => {
    const page = await readPage(shelf, ref);
    if (page.isLost)
      await inTurn(ref, () => tryChange(shelf, ref, { page, change: (state) => state }));
    else if (page.older.length > 0) await inTurn(ref, () => sealAnew(shelf, ref));
    return page.state;
  };
  return {
    read,
    known: async (ref) => shelf.pages.get(ref.repositoryId)?.state ?? (await read(ref)),
    change: (ref, change) => inTurn(ref, () => changeBook(shelf, ref, change)),
  };
}

type Change<State> = (state: State) => State | null;

/** What this process saw last is tried first: when it is not the newest, the push says so. */
async function changeBook<State>(
  shelf: Shelf<State>,
  ref: RepositoryRef,
  change: Change<State>,
): Promise<boolean> {
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
  throw new BookBusy(`The ${shelf.kind.about} of ${ref.owner}/${ref.name} change all the time.`);
}

async function tryChange<State>(
  shelf: Shelf<State>,
  ref: RepositoryRef,
  { page, change }: { page: Page<State>; change: Change<State> },
): Promise<"pushed" | "stale" | "nothing"> {
  const { house, pages, kind } = shelf;
  const next = change(page.state);
  if (next === null) return "nothing";
  const { isLost, commit: from, older } = page;
  const before = isLost ? kind.empty : page.state;
  const seal = sealOf(shelf, ref);
  const { files, removed } = changedFiles(seal, {
    known: kind.write(before),
    wanted: kind.write(next),
    older,
  });
  if (files.size + removed.length === 0) return "nothing";
  const { mirror } = await house.site(ref);
  const at = house.world.clock.now();
  const parent = isLost ? null : from;
  // A mirror that nobody needed for long is made anew.
  if (parent !== null && !(await mirror.has(parent))) await mirror.fetch(kind.ref);
  const commit = { parent, files, removed, message: kind.about, author: writerOf(kind.about), at };
  const to = await mirror.commitFiles(commit);
  const pushed = await mirror.push([{ ref: kind.ref, from, to }]);
  if (pushed.kind === "stale") return "stale";
  pages.set(ref.repositoryId, { commit: to, state: next, isLost: false, older: NONE_OLDER });
  return "pushed";
}

/**
 * A file that nobody has a reason to change would stay under an older key for good, and could not be read once that key is given
 * up. Done once: where it went through nothing older is left, and where somebody else wrote meanwhile, theirs is looked at next.
 * A push that fails keeps nobody from reading.
 */
async function sealAnew<State>(shelf: Shelf<State>, ref: RepositoryRef): Promise<void> {
  const { log } = shelf.house.world;
  const page = shelf.pages.get(ref.repositoryId);
  if (page === undefined || page.older.length === 0) return;
  const fields = { repository: `${ref.owner}/${ref.name}`, files: page.older.length };
  const book = `the book of ${shelf.kind.about}`;
  try {
    const came = await tryChange(shelf, ref, { page, change: (state) => state });
    if (came === "pushed") log.info(fields, `what an older key sealed in ${book} is sealed anew`);
  } catch (err) {
    const words = `what an older key sealed in ${book} could not be sealed anew; it is tried again at the next look`;
    log.warn({ ...fields, err }, words);
  }
}

const writerOf = (about: string): Identity => ({
  name: "fanfold",
  email: `${about}@fanfold.invalid`,
});

const sealOf = <State>({ house, kind }: Shelf<State>, { repositoryId }: RepositoryRef): Seal =>
  openSeal(house.settings.checkpointSecret, `${kind.about} of ${repositoryId}`);

/**
 * The same object as long as nobody wrote. Where somebody took the ref away or wrote into it, what this process saw last
 * holds, and is written back. Rejects with `BookBroken` when it saw nothing yet.
 */
async function readPage<State>(shelf: Shelf<State>, ref: RepositoryRef): Promise<Page<State>> {
  const { house, pages, kind } = shelf;
  const { mirror } = await house.site(ref);
  const commit = (await mirror.remoteRefs(kind.ref)).get(kind.ref) ?? null;
  const seen = pages.get(ref.repositoryId);
  if (seen !== undefined && seen.commit === commit) return seen;
  const fetched = commit === null ? null : await mirror.fetch(kind.ref);
  const page = await pageAt(shelf, ref, fetched);
  pages.set(ref.repositoryId, page);
  return page;
}

async function pageAt<State>(
  shelf: Shelf<State>,
  ref: RepositoryRef,
  commit: Oid | null,
): Promise<Page<State>> {
  const { house, pages, kind } = shelf;
  const seen = pages.get(ref.repositoryId);
  const isWritten = seen !== undefined && (seen.commit !== null || seen.isLost);
  const repository = `${ref.owner}/${ref.name}`;
  if (commit === null) {
    const nothing = { commit, older: NONE_OLDER };
    if (!isWritten) return { ...nothing, state: kind.empty, isLost: false };
    house.world.log.warn(
      { repository },
      `The book of ${kind.about} was taken away; it is put back.`,
    );
    return { ...nothing, state: seen.state, isLost: true };
  }
  try {
    const { mirror } = await house.site(ref);
    const { texts, older } = openFiles(sealOf(shelf, ref), await mirror.readFiles(commit));
    const state = kind.read(texts);
    if (isWritten && kind.lacks(state, seen.state)) throw new SealBroken("Something is gone.");
    return { commit, state, isLost: false, older };
  } catch (err) {
    if (!isWritten) throw new BookBroken(brokenSentence(kind, repository), { cause: err });
    const words = `The book of ${kind.about} was changed; it is put back.`;
    house.world.log.warn({ repository, err }, words);
    return { commit, state: seen.state, isLost: true, older: NONE_OLDER };
  }
}
