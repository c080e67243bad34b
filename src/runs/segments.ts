// The journal in a checkpoint: sealed segments, one for each push that carried entries, bound to the manifest by one digest.

import type { Entry } from "../engine/journal.ts";
import { brokenCheckpoint, type Files, type Manifest, unopenedCheckpoint } from "./manifest.ts";
import { parseJournal } from "./journal-file.ts";
import { digestOf } from "./kept-agents.ts";
import { KEYS_HELP, type Seal, SealBroken } from "./seal.ts";

const FOLDER = "journal/";

export const segmentPath = (segment: number): string =>
  `${FOLDER}${String(segment).padStart(6, "0")}`;

export const isSegment = (path: string): boolean => path.startsWith(FOLDER);

/** The digest of no segment. */
export const NO_SEGMENTS = "";

/** The digest of all segments, one more included: what it was before, and the bytes of the new one. */
export const digestWith = (before: string, sealed: Uint8Array): string =>
  digestOf(`${before}${digestOf(sealed)}`);

/** The digest of all segments that stand there. */
export const digestOfSegments = (files: Files): string =>
  segmentsIn(files).reduce((digest, [, bytes]) => digestWith(digest, bytes), NO_SEGMENTS);

const segmentsIn = (files: Files): [string, Uint8Array][] =>
  [...files].filter(([path]) => isSegment(path)).sort(byPath);

/** Opens the journal. Throws `SealBroken` when it is not the one that the manifest speaks of, or the key is missing. */
export function openSegments(
  seal: Seal,
  { run, files, manifest }: { run: string; files: Files; manifest: Manifest },
): { entries: Entry[]; segments: number } {
  const sealed = segmentsIn(files);
  if (sealed.length !== manifest.segments) {
    const did = sealed.length > manifest.segments ? "added to it" : "cut it";
    throw brokenCheckpoint(
      run,
      `should hold ${manifest.segments} journal segments and holds ${sealed.length}: somebody ${did}.`,
    );
  }
  // Older checkpoints do not say it.
  const isBound = manifest.journalDigest !== null;
  if (isBound && digestOfSegments(files) !== manifest.journalDigest) {
    throw brokenCheckpoint(
      run,
      "does not hold the journal that Fanfold wrote: somebody changed it.",
    );
  }
  const entries = sealed.flatMap(([path, bytes]) => {
    const plain = openSegment(seal, { run, path, bytes, isBound });
    return parseJournal(Buffer.from(plain));
  });
  return { entries, segments: sealed.length };
}

/** A segment that is known to be unchanged lacks nothing but its key; of others nobody can say. */
function openSegment(
  seal: Seal,
  { run, path, bytes, isBound }: { run: string; path: string; bytes: Uint8Array; isBound: boolean },
): Uint8Array {
  try {
    return seal.open(path, bytes);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    if (!isBound) throw unopenedCheckpoint(run, path, error);
    throw new SealBroken(
      `${path} in the checkpoint of ${run} is as Fanfold wrote it, with an older key that is not given here. ${KEYS_HELP}`,
      { cause: error },
    );
  }
}

const byPath = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  one < other ? -1 : 1;
