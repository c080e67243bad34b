// The data folder, tried before anything starts: what cannot be written there would be lost later, one comment at a time.

import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** The surroundings do not allow a start; the message says what to do. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}

/**
 * Makes the folder when it is missing, and writes into it once.
 * @throws {CannotStart} naming the folder, the reason and what to do.
 */
export async function openData(dataDir: string): Promise<void> {
  const dir = resolve(dataDir);
  const trial = join(dir, `.trial-${randomUUID()}`);
  try {
    // What agents read and said is in it, also of private repositories.
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(trial, "Can be deleted.\n", { flush: true });
    await rm(trial);
  } catch (error) {
    throw new CannotStart(sentence(dir, error), { cause: error });
  }
}

function sentence(dir: string, error: unknown): string {
  const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const who = process.getuid === undefined ? "the user it runs as" : `user ${process.getuid()}`;
  return (
    `The folder ${dir} cannot be written (${reason}), so comments and runs could not be kept. ` +
    `Set FANFOLD_DATA to a folder that belongs to ${who}; in a container, give that user the volume (chown).`
  );
}
