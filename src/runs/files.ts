// Small files of a run's folder: read when they are there, replaced as a whole or not at all.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Replaces a file; on disk when it resolves. */
export async function replaceFile(
  dir: string,
  name: string,
  content: string | Buffer,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const temporary = join(dir, `.${name}.new`);
  await writeFile(temporary, content, { flush: true });
  await rename(temporary, join(dir, name));
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function bytesIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
