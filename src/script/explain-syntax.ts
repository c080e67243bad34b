// What to do about a text that does not parse, beyond what the parser says.

import type { Refusal } from "./problem.ts";

const PLAIN = "a script is plain JavaScript; TypeScript and JSX do not parse";
const TYPESCRIPT = "this looks like TypeScript: remove the types, a script is plain JavaScript";

/** What the parser's messages ask for, the first that fits. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/^Identifier 'meta' has already been declared/, "a script has one `meta`: remove the other"],
  [/has already been declared/, "give one of the two another name"],
  [/^Unterminated template/, "close the text with a backtick"],
  [/^Unterminated string/, "close the text on its own line, or write it between backticks"],
  [/^Unterminated regular expression/, "close it with a slash, and escape `[` and `/` inside it"],
  [/^Unterminated comment/, "close the comment with */"],
  [/'with' in strict mode/, "name the object each time; scripts run in strict mode"],
  [/keyword 'await' outside|Cannot use keyword 'await'/, "make the function around it `async`"],
  [/^The keyword '(?:interface|enum)' is reserved/, TYPESCRIPT],
];

/** The parser's message in our form, with what to do. */
export function explainSyntax(source: string, said: string, offset: number): Refusal {
  const message = said.replace(/\s*\(\d+:\d+\)$/, "");
  if (offset === 0 && source.startsWith("#!")) {
    return {
      message: "A script has no `#!` line",
      help: "remove it; nothing starts a script directly",
    };
  }
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return { message, help: known[1] };
  return { message, help: isTyped(source, offset) ? TYPESCRIPT : PLAIN };
}

/** Where the parser stops in typed code, and what stands there. */
const TYPED: readonly { before: RegExp; behind: RegExp }[] = [
  { before: /[\w)\]}]\s*$/, behind: /^:\s*[\w{[(]/ },
  { before: /./, behind: /^(?:as|satisfies)\b/ },
  { before: /\b(?:type|interface|namespace|declare|abstract)\s+$/, behind: /^\w/ },
  { before: /[\w)\]]$/, behind: /^!(?!=)/ },
  { before: /[\w)\]]!$/, behind: /^[)\].;,]/ },
  { before: /\w<[\w\s,[\]]*>\($/, behind: /^\)/ },
];
const NEAR_CHARS = 60;

function isTyped(source: string, offset: number): boolean {
  const textBefore = source.slice(Math.max(0, offset - NEAR_CHARS), offset);
  const textBehind = source.slice(offset, offset + NEAR_CHARS);
  return TYPED.some(({ before, behind }) => before.test(textBefore) && behind.test(textBehind));
}
