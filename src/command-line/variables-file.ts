// The file that a set-up writes: never over another one, and readable by its owner alone.

import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";

import { FileTrouble, type HeldFile, type VariablesFile } from "../setup/file.ts";

/** What is written where the name is taken. */
const BESIDE = ".fanfold";

export interface OpenedFile extends VariablesFile {
  /** As a person would type it here. */
  typed: string;
}

/** Finds the place; nothing is written yet. Rejects with `FileTrouble` where there is none. */
export async function openVariablesFile(wanted: string): Promise<OpenedFile> {
  const folder = resolve(dirname(wanted));
  if (!(await isThere(folder))) {
    throw new FileTrouble(
      `There is no folder ${folder}. Make it, or name another file with --env-file. Nothing was done.`,
    );
  }
  if (!(await isThere(wanted))) return fileAt(wanted, null);
  const beside = `${wanted}${BESIDE}`;
  if (!(await isThere(beside))) return fileAt(beside, resolve(wanted));
  throw new FileTrouble(
    `${resolve(wanted)} and ${resolve(beside)} are there already, and neither is written over. ` +
      "Move one of them away, or name another file with --env-file. Nothing was done.",
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw trouble(path, error);
  }
}

function fileAt(typed: string, kept: string | null): OpenedFile {
  const path = resolve(typed);
  return {
    path: shown(path),
    kept: kept === null ? null : shown(kept),
    typed,
    async hold() {
      try {
        return held(path, await open(path, "wx", 0o600));
      } catch (error) {
        throw trouble(path, error);
      }
    },
  };
}

/** Shorter where it is below the person's own folder. */
function shown(path: string): string {
  const home = `${process.env["HOME"] ?? ""}${sep}`;
  return home !== sep && path.startsWith(home) ? `~${sep}${path.slice(home.length)}` : path;
}

function held(path: string, file: FileHandle): HeldFile {
  const release = async (): Promise<void> => {
    await file.close();
    await unlink(path);
  };
  return {
    release,
    async write(text) {
      try {
        await file.writeFile(text);
        await file.sync();
      } catch (error) {
        await release();
        throw trouble(path, error);
      }
      await file.close();
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
  EDQUOT: "this user has no room left on its disk",
  EEXIST: "it came to be there meanwhile, and is not written over",
  ENOENT: "its folder is not there any more",
};

function trouble(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === null) return error;
  return new FileTrouble(`${path} cannot be written: ${REASONS[code] ?? code}.`);
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
