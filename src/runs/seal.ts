// Seals journal segments: anyone who can read a repository can fetch its hidden refs, and writers can rewrite them.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

const MAGIC = Buffer.from("FFS1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A segment that unpacks to more is refused: no journal tick comes near it. */
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

/** Seals and opens the segments of one run; `place` (ref and number) is bound, so that none can be swapped or replayed. */
export interface Seal {
  seal(place: string, plain: Uint8Array): Uint8Array;
  /** Throws `SealBroken` when the bytes are not what was sealed at this place with this key. */
  open(place: string, sealed: Uint8Array): Uint8Array;
}

/** The checkpoint cannot be trusted or the key is another one. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
}

/** One key per run, derived from the installation's secret: AES-256-GCM over gzip, a fresh nonce a segment. */
export function openSeal(secret: string, run: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", secret, "fanfold checkpoint v1", run, 32));
  return {
    seal: (place, plain) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad(run, place));
      const body = Buffer.concat([cipher.update(gzipSync(plain)), cipher.final()]);
      return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), body]);
    },
    open: (place, sealed) => gunzip(decrypt(key, aad(run, place), sealed)),
  };
}

const aad = (run: string, place: string): Buffer => Buffer.from(`${run}\n${place}`);

function decrypt(key: Buffer, bound: Buffer, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  const headBytes = MAGIC.length + NONCE_BYTES + TAG_BYTES;
  if (bytes.length < headBytes || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SealBroken("A journal segment is not in the sealed format of this version.");
  }
  const nonce = bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  const tag = bytes.subarray(MAGIC.length + NONCE_BYTES, headBytes);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(bound).setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]);
  } catch (error) {
    throw new SealBroken(
      "A journal segment was sealed with another key or changed by someone else. " +
        "Start the bot with the key that sealed it (FANFOLD_CHECKPOINT_KEY, or the same App key).",
      { cause: error },
    );
  }
}

function gunzip(bytes: Buffer): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: SEGMENT_BYTES_MAX });
}
