// Seals what is kept on hidden refs: anyone who can read a repository can fetch its hidden refs, and writers can rewrite them.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

const MAGIC = Buffer.from("FFS1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A segment that unpacks to more is refused: no journal tick comes near it. */
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

/** Seals and opens what is kept of one run; `place` (ref or path) is bound, so that nothing can be put elsewhere. */
export interface Seal {
  seal(place: string, plain: Uint8Array): Uint8Array;
  /** Throws `SealBroken` when the bytes are not what was sealed at this place with this key. */
  open(place: string, sealed: Uint8Array): Uint8Array;
  /** Whether the newest key opens it. What only an older one opens has to be sealed anew before that key is given up. */
  isOfNewest(place: string, sealed: Uint8Array): boolean;
}

/** The checkpoint cannot be trusted or the key is another one. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
}

/** What no key opens: it does not even begin as what is sealed does. */
export class Unsealed extends SealBroken {}

/** What to do about keys, for whoever runs the bot or goes through a run again. */
export const KEYS_HELP =
  "Set FANFOLD_CHECKPOINT_KEY to the key that it was written with (where there was none, PRIVATE_KEY to the App's key of then); " +
  "an older key goes behind the new one, with a comma between.";

/** The installation's secret; where it was changed, the newest first: that one seals, and each of them opens. */
export type Secret = string | readonly [string, ...string[]];

/** One key per run, derived from the installation's secret: AES-256-GCM over gzip, a fresh nonce a segment. */
export function openSeal(secret: Secret, run: string): Seal {
  const [newest, ...older] = typeof secret === "string" ? [secret] : secret;
  const key = keyOf(newest, run);
  const keys = [key, ...older.map((each) => keyOf(each, run))];
  return {
    seal: (place, plain) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad(run, place));
      const body = Buffer.concat([cipher.update(gzipSync(plain)), cipher.final()]);
      return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), body]);
    },
    open: (place, sealed) => {
      const bound = aad(run, place);
      const body = bodyOf(place, sealed);
      for (const each of keys) {
        const plain = decrypt(each, bound, body);
        if (plain !== null) return gunzip(plain);
      }
      throw new SealBroken(
        `What stands at ${place} was sealed with another key, or somebody changed it. ${KEYS_HELP}`,
      );
    },
    isOfNewest: (place, sealed) =>
      older.length === 0 || decrypt(key, aad(run, place), bodyOf(place, sealed)) !== null,
  };
}

const keyOf = (secret: string, run: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "fanfold checkpoint v1", run, 32));

const aad = (run: string, place: string): Buffer => Buffer.from(`${run}\n${place}`);

interface Sealed {
  nonce: Buffer;
  tag: Buffer;
  body: Buffer;
}

function bodyOf(place: string, sealed: Uint8Array): Sealed {
  const bytes = Buffer.from(sealed);
  const headBytes = MAGIC.length + NONCE_BYTES + TAG_BYTES;
  if (bytes.length < headBytes || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Unsealed(
      `What stands at ${place} is not sealed as this version of Fanfold does it: somebody changed it or cut it, or a newer version wrote it.`,
    );
  }
  const nonce = bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  const tag = bytes.subarray(MAGIC.length + NONCE_BYTES, headBytes);
  return { nonce, tag, body: bytes.subarray(headBytes) };
}

/** Null: not with this key, or not at this place, or not these bytes. */
function decrypt(key: Buffer, bound: Buffer, { nonce, tag, body }: Sealed): Buffer | null {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(bound).setAuthTag(tag);
  const plain = decipher.update(body);
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    // All that its error says is that the tag does not fit.
    return null;
  }
}

function gunzip(bytes: Buffer): Uint8Array {
  return gunzipSync(bytes, { maxOutputLength: SEGMENT_BYTES_MAX });
}
