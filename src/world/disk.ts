// The port to this machine's data folder: what a crash of the process must not take away.

/**
 * Paths are relative to the folder, with `/` between names; folders are made when something is put into them. Everything
 * that changes something is on the disk when it resolves. Rejects with what the system said, e.g. that the disk is full.
 */
export interface Disk {
  /** Null when there is no such file. */
  read(path: string): Promise<Buffer | null>;
  /** Names in a folder, sorted; none when it is not there. */
  list(folder: string): Promise<string[]>;
  /** Replaces a file as a whole or not at all. */
  replace(path: string, content: string | Uint8Array): Promise<void>;
  /** Adds to the end of a file; when it rejects the file is as it was. A crash in the middle can leave a part. */
  append(path: string, content: string | Uint8Array): Promise<void>;
  /** Cuts what a crash left behind the first `bytes` bytes of a file. */
  truncate(path: string, bytes: number): Promise<void>;
  /** Removes a file, or a folder with all in it; nothing happens when it is not there. */
  remove(path: string): Promise<void>;
}

/** The text of a file; null when there is none. */
export async function textAt(disk: Pick<Disk, "read">, path: string): Promise<string | null> {
  return (await disk.read(path))?.toString("utf8") ?? null;
}

/** The whole lines of a file that somebody else may append to in this moment: it is left as it is. */
export async function wholeLinesNow(disk: Pick<Disk, "read">, path: string): Promise<Buffer> {
  const bytes = (await disk.read(path)) ?? Buffer.alloc(0);
  return bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
}

/** The whole lines of a file that is only ever appended to; a last one that a crash cut off is cut off for good. */
export async function wholeLines(
  disk: Pick<Disk, "read" | "truncate">,
  path: string,
): Promise<Buffer> {
  const bytes = (await disk.read(path)) ?? Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
  // A torn last line would otherwise grow into a broken one at the next append.
  if (whole.length < bytes.length) await disk.truncate(path, whole.length);
  return whole;
}

const LINE_FEED = 10;
