// Finds the settings of a repository: its own file, its owner's, and the operator's word.

import type { Forge } from "../world/forge.ts";
import { type Effective, effectiveOf, type Operator, type Said } from "./effective.ts";
import { type Mistake, readSettings } from "./read-settings.ts";

export const SETTINGS_PATH = ".github/fanfold.yml";

/** A file that is there and cannot be used. */
export interface BrokenFile {
  of: "repository" | "owner";
  mistakes: readonly Mistake[];
}

/** `effective` leaves broken files out: it is for showing and for what can do no harm, and starts nothing. */
export interface Found {
  effective: Effective;
  broken: readonly BrokenFile[];
  /** Which files there are. */
  files: readonly ("repository" | "owner")[];
}

/** Read anew each time it is asked: what was pushed a moment ago holds. Rejects with `ForgeError`. */
export async function findSettings(forge: Forge, operator: Operator): Promise<Found> {
  const [repository, owner] = await Promise.all([
    read(forge, "repository"),
    // The owner's own repository has one file and not two.
    forge.ref.name === ".github" ? null : read(forge, "owner"),
  ]);
  const files = [repository, owner].filter((file) => file !== null);
  return {
    effective: effectiveOf({
      operator,
      ...saidIn("repository", repository),
      ...saidIn("owner", owner),
    }),
    broken: files.flatMap(({ of, reading }) =>
      reading.ok ? [] : [{ of, mistakes: reading.mistakes }],
    ),
    files: files.map(({ of }) => of),
  };
}

interface File {
  of: "repository" | "owner";
  reading: ReturnType<typeof readSettings>;
}

async function read(forge: Forge, of: File["of"]): Promise<File | null> {
  const text = await forge.readFile(SETTINGS_PATH, of);
  return text === null ? null : { of, reading: readSettings(text) };
}

function saidIn(of: File["of"], file: File | null): { [K in File["of"]]?: Said } {
  return file?.reading.ok === true ? { [of]: file.reading.said } : {};
}
