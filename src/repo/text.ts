// Tells text from other bytes, exactly: what is text goes back byte for byte as it came.

const SNIFFED_BYTES = 8_000;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Largest file that is read as text, in bytes. */
export const TEXT_BYTES_MAX = 1024 * 1024;

/** What bytes are: UTF-8 text, text in another encoding, or no text at all (git's rule: a NUL near the start). */
export type Decoded = { kind: "text"; text: string } | { kind: "binary" } | { kind: "not-utf-8" };

export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return { kind: "binary" };
  try {
    return { kind: "text", text: strict.decode(bytes) };
  } catch {
    return { kind: "not-utf-8" };
  }
}
