// The App's private key out of the environment, or every reason why it is none.

import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

type Key = { ok: true; pem: string } | { ok: false; mistake: string };

/** A key's line breaks often arrive as `\n` in two characters; a path is the other way to give it. */
export function privateKeyOf(given: Readonly<Record<string, string>>): Key {
  const { PRIVATE_KEY: inline, PRIVATE_KEY_PATH: path } = given;
  if (inline !== undefined && path !== undefined) {
    return {
      ok: false,
      mistake: "PRIVATE_KEY and PRIVATE_KEY_PATH are both set. Keep one of them.",
    };
  }
  if (inline !== undefined) return pem(inline.replaceAll("\\n", "\n"), "PRIVATE_KEY");
  if (path !== undefined) return keyFile(path);
  return {
    ok: false,
    mistake:
      "Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set. Generate a private key on the App's settings page and set one of them.",
  };
}

function keyFile(path: string): Key {
  try {
    return pem(readFileSync(path, "utf8"), "PRIVATE_KEY_PATH");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return { ok: false, mistake: `The file that PRIVATE_KEY_PATH names cannot be read (${code}).` };
  }
}

const notPem =
  "does not hold a private key in PEM form (-----BEGIN … PRIVATE KEY----- and so on, with its line breaks or \\n in their place)";
const notReadable =
  "looks like a private key but cannot be read as one: a part of it is missing, changed or behind a passphrase";
const notRsa = "holds a private key that is not an RSA key, so GitHub did not make it";
const advice =
  "Take the .pem file as GitHub gave it, or generate a new key on the App's settings page.";

function pem(text: string, from: string): Key {
  const trimmed = text.trim().replaceAll("\r\n", "\n");
  const trouble = troubleWith(trimmed);
  if (trouble === null) return { ok: true, pem: `${trimmed}\n` };
  return { ok: false, mistake: `${from} ${trouble}. ${advice}` };
}

/** What keeps this from being a key that can sign, without a word of it; null when nothing does. */
function troubleWith(text: string): string | null {
  if (
    !/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+-----END [A-Z ]*PRIVATE KEY-----$/u.test(text)
  ) {
    return notPem;
  }
  try {
    return createPrivateKey(text).asymmetricKeyType === "rsa" ? null : notRsa;
  } catch {
    // OpenSSL's own words name its decoders and help nobody.
    return notReadable;
  }
}
