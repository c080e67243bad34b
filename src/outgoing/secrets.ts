// Takes secrets out of text before it leaves the bot: what looks like one, and what is one of ours in any disguise.

/** Tokens by their published shapes. GitHub's come as `ghs_` with 36 characters, and with an App's id and a JWT behind it. */
const SHAPES: readonly RegExp[] = [
  /gh[pousr]_[A-Za-z0-9._-]{20,}/g,
  /github_pat_[A-Za-z0-9_]{20,}/g,
  /sk-ant-[A-Za-z0-9_-]{16,}/g,
  /(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /xox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /glpat-[A-Za-z0-9_-]{20,}/g,
  /npm_[A-Za-z0-9]{36}/g,
  /AIza[A-Za-z0-9_-]{35}/g,
  /eyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$(?![\s\S]))/g,
];

/** A password in an address; the address stays. */
const IN_ADDRESS = /(\b[a-z][a-z\d+.-]{1,20}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/gi;

const SHORTEST_CHARS = 8;

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

/** Whether a text holds something shaped like a token or a private key. */
export function hasSecretShape(text: string): boolean {
  return SHAPES.some((shape) => text.search(shape) !== -1);
}

/**
 * Makes the function that replaces secrets by `[redacted]`. `live` are the process's own: they are found as they are, in
 * base64, in hexadecimal, URL-encoded, backwards, and with anything but letters and digits between their characters. What
 * a model spells in other words is not found: models are given no secret in the first place.
 */
export function createRedaction(live: readonly string[]): (text: string) => string {
  const own = live.flatMap(disguises);
  return (text) => {
    const shaped = SHAPES.reduce((left, shape) => left.replace(shape, REDACTED), text);
    const plain = shaped.replace(IN_ADDRESS, `$1${REDACTED}@`);
    return own.reduce((left, pattern) => left.replace(pattern, REDACTED), plain);
  };
}

/** A key of many lines is found by each of its lines, as it is. */
function disguises(secret: string): RegExp[] {
  const lines = secret.split(/\s+/).filter((line) => line.length >= SHORTEST_CHARS);
  if (lines.length > 1) return lines.map((line) => exactly(line));
  return lines.flatMap((line) => {
    const bytes = Buffer.from(line);
    const written = [
      line,
      bytes.toString("base64"),
      bytes.toString("base64").replace(/=+$/, ""),
      bytes.toString("base64url"),
      encodeURIComponent(line),
      line.split("").toReversed().join(""),
    ];
    const forms = [...new Set(written)].map((form) => exactly(form));
    return [...forms, new RegExp(bytes.toString("hex"), "gi"), spaced(line)];
  });
}

const exactly = (text: string): RegExp => new RegExp(RegExp.escape(text), "g");

/** At most three characters between two of the secret's, so that a search stays linear. */
function spaced(line: string): RegExp {
  return new RegExp(
    line
      .split("")
      .map((character) => RegExp.escape(character))
      .join("[^A-Za-z0-9]{0,3}"),
    "g",
  );
}
