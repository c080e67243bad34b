// Writes texts and bytes one after the other into memory that is used again: fresh memory for each piece costs more than what is written.

/** Kept between two uses; more is given back. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** UTF-8 bytes that a code unit takes at most. */
const BYTES_PER_UNIT_MAX = 3;

export interface ByteWriter {
  text(text: string): void;
  /** Characters that stand for one byte each. */
  latin1(text: string): void;
  bytes(bytes: Uint8Array): void;
  /** Everything written since `clear`; good until then. */
  written(): Buffer;
  clear(): void;
}

export function openByteWriter(): ByteWriter {
  let memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let end = 0;
  const makeRoom = (bytes: number): void => {
    if (end + bytes <= memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(memory.length * 2, end + bytes));
    memory.copy(larger, 0, 0, end);
    memory = larger;
  };
  return {
    text: (text) => {
      makeRoom(text.length * BYTES_PER_UNIT_MAX);
      end += memory.write(text, end, "utf8");
    },
    latin1: (text) => {
      makeRoom(text.length);
      end += memory.write(text, end, "latin1");
    },
    bytes: (bytes) => {
      makeRoom(bytes.byteLength);
      memory.set(bytes, end);
      end += bytes.byteLength;
    },
    written: () => memory.subarray(0, end),
    clear: () => {
      end = 0;
      if (memory.length > KEPT_BYTES_MAX) memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
    },
  };
}
