// What a clone is read with when a run is gone through again: what it cannot give is told as such, with what brings it.

import { isDamage } from "../repo/bare.ts";
import type { Snapshot } from "../repo/contract.ts";
import { GitError } from "../repo/git.ts";
import { inOneLine } from "../repo/in-one-line.ts";
import { CannotReplay } from "./kept-run.ts";
import type { Reading } from "./steps.ts";

/** What to do with a clone that cannot give an object. */
export const WHOLE_CLONE =
  "A clone made with --filter does not have everything, and one whose disk failed may have lost some of it: " +
  "`git fetch --refetch --no-filter origin` in it brings what is missing; or give a whole clone with --repo.";

/** The clone as `open` gives it. What it lacks, or holds damaged, is told as `CannotReplay` to whoever reads there. */
export async function legible(open: () => Promise<Reading>): Promise<Reading> {
  try {
    const reading = await open();
    if (reading.kind === "nowhere") return reading;
    const diffFrom: typeof reading.diffFrom = (from) => told(reading.diffFrom(from));
    return { ...reading, snapshot: telling(reading.snapshot), diffFrom };
  } catch (error) {
    if (!isOfClone(error)) throw error;
    return { kind: "nowhere", why: sentencesOf(error) };
  }
}

const telling = (reading: Snapshot): Snapshot => ({
  commit: reading.commit,
  paths: (glob) => told(reading.paths(glob)),
  read: (path) => told(reading.read(path)),
  search: (pattern, options) => told(reading.search(pattern, options)),
  entries: () => told(reading.entries()),
});

const isOfClone = (error: unknown): boolean => error instanceof GitError || isDamage(error);

async function told<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (!isOfClone(error)) throw error;
    throw new CannotReplay(sentencesOf(error), { cause: error });
  }
}

const sentencesOf = (error: unknown): string =>
  `The script reads the repository, and the clone cannot give all of it: ${inOneLine(error)}. ${WHOLE_CLONE}`;
