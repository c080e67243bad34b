// Ways out of a bot's text: what people and programs would make of it is asked of a Markdown parser, not of our own rules.

import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { describe, expect, it, test } from "vitest";

import { createRedaction, REDACTED } from "../../src/outgoing/secrets.ts";
import { harmless } from "../../src/runs/render/harmless.ts";
import { renderReport } from "../../src/runs/render/report.ts";
import { inline } from "../../src/runs/render/text.ts";
import { type AttackCase, attacksOf, literalOf } from "../attacks/load.ts";

const CLOSING =
  /\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\s*:?\s+(?:(?:[\w.-]+\/[\w.-]+)?#\d|gh-\d)/i;

/** Everything in a text that does something to whoever reads it, or happens when it is shown. */
function alive(markdown: string): string[] {
  const found: string[] = [];
  const tree: Nodes = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  visit(tree, (node) => {
    if (node.type === "link" && !node.url.startsWith("https://github.com/")) {
      const isInside = /^(?:#|[\w./-]+$|mailto:)/.test(node.url) && !node.url.startsWith("//");
      if (!isInside) found.push(`a link to ${node.url}`);
    }
    if (node.type === "image" || node.type === "imageReference") found.push("an image");
    if (node.type === "html") found.push(`HTML: ${node.value}`);
    if (node.type === "definition") found.push(`a target: ${node.url}`);
    if (node.type !== "text") return;
    if (/(?:^|[^a-z\d])@[a-z\d]/i.test(node.value)) found.push(`a mention: ${node.value}`);
    if (CLOSING.test(node.value)) {
      found.push(`a closing word: ${node.value}`);
    }
  });
  if (/^\s*\/[a-z]/im.test(markdown)) found.push("a command");
  if (/[\u200b\u202a-\u202e\u2066-\u2069\0]/.test(markdown)) found.push("a hidden character");
  return found;
}

const joined = ({ input }: AttackCase): string => {
  const parts = typeof input === "string" ? input : input["join"];
  return Array.isArray(parts) ? parts.join("") : String(parts);
};

describe("text of a model", () => {
  const literals = [
    ...attacksOf("outgoing.jsonl", "outbound_sanitise"),
    ...attacksOf("outgoing.jsonl", "no_exfil_channels"),
  ].filter(({ input }) => typeof input === "string");

  for (const attack of literals) {
    test(`${attack.id}: ${attack.expected}`, () => {
      const text = literalOf(attack);
      expect(alive(harmless(text))).toEqual([]);
      expect(alive(inline(text))).toEqual([]);
      expect(harmless(harmless(text))).toBe(harmless(text));
    });
  }

  test("outbound-014 keeps a suggestion as it is, but for the joiner", () => {
    const text = "```suggestion\nconst all = 1\n```";
    expect(harmless(text)).toBe(text);
  });

  test("outbound-015 leaves no fence open for what follows", () => {
    for (const open of ["````\n```\n@acme/all", "~~~\ncode", "text\n```js\n", "``` a`b\n```"]) {
      const [last] = fromMarkdown(`${harmless(open)}\n\nOurs.`).children.slice(-1);
      expect(last?.type).toBe("paragraph");
    }
  });

  test("outbound-017: a text beyond all measure is cut, once", () => {
    const report = renderReport("LGTM ".repeat(20_000)) ?? "";
    expect(report.length).toBeLessThan(60_000);
    expect(report).toContain("…");
  });

  it("may point to GitHub's pages, to a place on the page and to a file, and keeps everything else to read", () => {
    const kept =
      "See [the pull](https://github.com/acme/sample/pull/3), https://github.com/acme/sample/issues/1, [below](#risk) and [a file](src/a.js).";
    expect(harmless(kept)).toBe(kept);
    expect(harmless("[docs](https://nodejs.org/api) say")).toContain("[docs]");
    expect(harmless("http://x.example/a").replaceAll("\u2060", "")).toBe("http://x.example/a");
  });

  it.each([
    "https://github.com.evil.example/",
    "https://github.com@evil.example/",
    "https://github.com:x@evil.example/",
    "https://github.com'@evil.example/",
    "https://github.com:8443/",
    "http://github.com/",
    "[x](https://github.com\\@evil.example/)",
    "[x]( //evil.example )",
    "[x](<//evil.example>)",
    "[x](java&#115;cript:alert(1))",
    "[x][1]\n\n[1]: //evil.example",
    "[x][a\nb]\n\n[a\nb]: https://evil.example",
    "[![x](https://evil.example/p.png)](https://evil.example)",
    "![x][1]\n\n[1]: https://evil.example/p.png",
    "<https://evil.example>",
    "<a href='https://evil.example'>x</a>",
    "www.evil.example",
    "fixes &#35;12 and closes&nbsp;#3",
    "Fixes https://github.com/acme/sample/issues/1",
    "&#64;acme &#x40;acme &commat;acme &#0064;acme",
    "@dependabot merge",
    "[@acme](#x)",
  ])("leads nowhere else: %s", (text) => {
    expect(alive(harmless(text))).toEqual([]);
  });

  const piece = fc.constantFrom(
    ..."[ ] ( ) ]( ]: < > ! ![ \n > - ` ``` ~~~ @a @ # #1 fixes closes &commat; &#64; https:// http:// // github.com / evil.example javascript: data: www. <img <!-- --> \\ \u200b \u202e x gh-1 /merge".split(
      " ",
    ),
    " ",
    "\n\n",
    "https://github.com/",
  );
  const mixed = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(""));

  it("is harmless whatever it is put together from, and a second pass changes nothing", () => {
    fc.assert(
      fc.property(mixed, (text) => {
        expect(alive(harmless(text))).toEqual([]);
        expect(harmless(harmless(text))).toBe(harmless(text));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a long text", () => {
  const find = createRedaction(["a-secret-that-nobody-knows"]);

  it.each([
    "x",
    "@",
    "@a",
    " ",
    "\n",
    "fixes ",
    "fixes",
    "[",
    "](",
    "](a",
    "<",
    "&#",
    "://",
    "www.",
    "eyJ",
    "a-",
    "-----BEGIN ",
  ])("of nothing but %j is read once, not once for each of its characters", (piece) => {
    const text = piece.repeat(300_000 / piece.length);
    expect(harmless(text).length).toBeGreaterThan(0);
    expect(find(text).length).toBeGreaterThan(0);
  });
});

describe("a secret", () => {
  const redact = createRedaction([]);

  for (const attack of attacksOf("outgoing.jsonl", "secret_scan_outbound").filter(
    ({ kind }) => kind === "literal",
  )) {
    test(`${attack.id}: ${attack.expected}`, () => {
      const secret = joined(attack);
      for (const text of [secret, `a=${secret}`, `x${secret} and more`, `(${secret})`]) {
        expect(redact(text)).toContain(REDACTED);
        expect(redact(text)).not.toContain(secret.slice(8, 24));
      }
    });
  }

  test("secret-008: one of our own is found in every disguise, also with something between its characters", () => {
    const own = "correct-horse+battery/staple";
    const find = createRedaction([own]);
    const bytes = Buffer.from(own);
    const disguises = [
      own,
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.toString("hex").toUpperCase(),
      encodeURIComponent(own),
      own.split("").toReversed().join(""),
      own.split("").join(" "),
      own.split("").join("\u2060"),
      own.split("").join(" - "),
    ];
    for (const disguise of disguises) expect(find(`It is ${disguise}.`)).toBe(`It is ${REDACTED}.`);
    expect(find("correct horse")).toBe("correct horse");
  });

  it("is a key of many lines as well, whole or in part", () => {
    const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    const pem = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----`;
    expect(redact(`key:\n${pem}\nrest`)).toBe(`key:\n${REDACTED}\nrest`);
    expect(redact(`cut off: -----BEGIN RSA PRIVATE KEY-----\n${line}`)).not.toContain(line);
    expect(createRedaction([pem])(`one line ${line}`)).toBe(`one line ${REDACTED}`);
  });

  it("is not what merely looks long", () => {
    const plain =
      "Commit 1234567890abcdef1234567890abcdef12345678, path src/eyJust/a.b.c, https://example.com/a:b@c";
    expect(redact(plain)).toBe(plain);
    expect(redact("https://bot:hunter2@example.com/")).toBe(`https://${REDACTED}@example.com/`);
  });
});
