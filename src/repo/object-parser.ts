// Cuts the output of `git cat-file --batch-command` into objects.

import type { Oid } from "./git-data.ts";

/** An object as git keeps it. */
export interface GitObject {
  oid: Oid;
  type: "blob" | "tree" | "commit" | "tag";
  size: number;
  bytes: Buffer;
}

export type ObjectInfo = Omit<GitObject, "bytes">;

export interface ObjectSink {
  /** Whether the answer that comes next carries contents. */
  wantsContents(): boolean;
  /** One answer, in the order asked; null when there is no such object. */
  found(object: GitObject | null): void;
  /** The answer is over the limit; its bytes are dropped as they come. */
  tooLarge(object: ObjectInfo): void;
  bytesMax: number;
}

const NEWLINE = 10;

/** Makes a function that takes output as it comes; false when the output makes no sense. */
export function openObjectParser(sink: ObjectSink): (chunk: Buffer) => boolean {
  let chunks: Buffer[] = [];
  let length = 0;
  let header: ObjectInfo | null = null;
  /** Bytes of an answer that nobody wants. */
  let dropping = 0;

  /** Takes one answer off the front; null when it is not complete yet, else how many bytes it was. */
  const takeOne = (all: Buffer): number | null => {
    if (dropping > 0) {
      const dropped = Math.min(dropping, all.length);
      dropping -= dropped;
      return dropped === 0 ? null : dropped;
    }
    if (header !== null) {
      if (all.length <= header.size) return null;
      const found = { ...header, bytes: Buffer.from(all.subarray(0, header.size)) };
      header = null;
      sink.found(found);
      return found.size + 1;
    }
    const end = all.indexOf(NEWLINE);
    if (end < 0) return null;
    takeHeader(parseHeader(all.toString("latin1", 0, end)));
    return end + 1;
  };

  const takeHeader = (parsed: ObjectInfo | null): void => {
    if (parsed === null || !sink.wantsContents()) {
      sink.found(parsed && { ...parsed, bytes: Buffer.alloc(0) });
    } else if (parsed.size > sink.bytesMax) {
      dropping = parsed.size + 1;
      sink.tooLarge(parsed);
    } else header = parsed;
  };

  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (header !== null && length <= header.size) return true;
    let all = Buffer.concat(chunks, length);
    try {
      for (let taken = takeOne(all); taken !== null; taken = takeOne(all)) {
        all = all.subarray(taken);
      }
    } catch (error) {
      if (error instanceof UnreadableHeader) return false;
      throw error;
    }
    chunks = [all];
    length = all.length;
    return true;
  };
}

class UnreadableHeader extends Error {}

function parseHeader(line: string): ObjectInfo | null {
  if (/^[0-9a-f]{40} missing$/.test(line)) return null;
  const [oid, type, size] = line.split(" ");
  if (oid === undefined || size === undefined || !/^\d+$/.test(size)) throw new UnreadableHeader();
  if (type === "blob" || type === "tree" || type === "commit" || type === "tag") {
    return { oid, type, size: Number(size) };
  }
  throw new UnreadableHeader();
}
