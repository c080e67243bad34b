// Lines as bytes, in memory that is written into again and again: fresh memory costs more than the writing.

const MOST_BYTES_PER_CHAR = 3;
const MOST_KEPT_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;

/** Encodes lines for one writer, which gives the memory back when it is done with it. */
export interface LineBuffer {
  /** The lines in UTF-8, each with its line feed. Valid until it is given back. */
  encode(lines: readonly string[]): Buffer;
  giveBack(bytes: Buffer): void;
}

/** Makes a buffer that keeps at most 8 MiB between two uses. */
export function createLineBuffer(): LineBuffer {
  let spare: Buffer | null = null;

  function roomFor(size: number): Buffer {
    const room = spare !== null && spare.length >= size ? spare : Buffer.allocUnsafeSlow(size);
    spare = null;
    return room;
  }

  return {
    encode(lines) {
      const chars = lines.reduce((sum, line) => sum + line.length + 1, 0);
      const room = roomFor(chars * MOST_BYTES_PER_CHAR);
      let end = 0;
      for (const line of lines) {
        end += room.write(line, end);
        end = room.writeUInt8(LINE_FEED, end);
      }
      return room.subarray(0, end);
    },
    giveBack({ buffer }) {
      if (buffer.byteLength <= MOST_KEPT_BYTES) spare = Buffer.from(buffer);
    },
  };
}
