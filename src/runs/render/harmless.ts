// Text that somebody else wrote, made harmless in Markdown of ours. Pure, and linear in the text's length.

import { dropInvisible } from "../../agent/code-points.ts";

/** Word joiner: breaks a mention, a link or a keyword without being seen. */
export const JOINER = "\u2060";

/**
 * It pings nobody, closes nothing, commands nobody, hides nothing, loads nothing, leads only to pages of GitHub or of the
 * repository, leaves no fence open, and cannot pose as one of our markers. Running it twice changes nothing. Nothing is read
 * as Markdown: what could be a link is none any more, also inside of code, where the joiner does no harm.
 */
export function harmless(text: string): string {
  return closeFences(defused(text));
}

/** The same for text that becomes a part of one line. */
export function defused(text: string): string {
  return quieted(withoutLinks(decoded(dropInvisible(text).text)));
}

/** For text of the repository's own people, whose links are meant: it still calls, commands, closes and hides nothing. */
export function quiet(text: string): string {
  return closeFences(quieted(decoded(dropInvisible(text).text)));
}

function quieted(text: string): string {
  return (
    text
      // Not `&lt;`: inside a code span, a fence or a commit message that would show as it is written.
      .replace(/<(?=\/?[a-z!?])/gi, `<${JOINER}`)
      .replace(/!\[/g, `!${JOINER}[`)
      .replace(/\S+/g, (word) => (word.includes("@") ? withoutMentions(word) : word))
      .replace(
        /\b(clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))(\s*:\s+|\s+)(?=[\w./-]*#\d|gh-\d|https?:)/gi,
        `$1${JOINER}$2`,
      )
      .replace(/^([^\S\n]*)\/(?=[a-z])/gim, `$1${JOINER}/`)
      .replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, `[${JOINER}$1]`)
  );
}

/** An address of mail has one such sign, with its name in front; what GitHub makes of a second one is a mention. */
function withoutMentions(word: string): string {
  const [first = "", ...names] = word.split("@");
  return names.reduce((before, name, index) => {
    const isMail = index === 0 && /[a-z\d]$/i.test(first);
    return `${before}@${/^[a-z\d]/i.test(name) && !isMail ? JOINER : ""}${name}`;
  }, first);
}

/** GitHub decodes these before it looks for names, numbers and words; nothing else of Markdown is made of them. */
const ENTITY =
  /&(?:(commat|num|sol|colon|nbsp|ensp|emsp|thinsp|tab|newline)|#(\d{1,7}|x[\da-f]{1,6}));/gi;
const BY_NAME: Readonly<Record<string, string>> = { commat: "@", num: "#", sol: "/", colon: ":" };
const DECODED = /[a-z\d@#/:.\s-]/iu;

function decoded(text: string): string {
  return text.replace(ENTITY, (entity, name?: string, number = "") => {
    if (name !== undefined) return BY_NAME[name.toLowerCase()] ?? " ";
    const point = Number(/^x/i.test(number) ? `0${number}` : number);
    const character = point > 0x10_ff_ff ? "" : String.fromCodePoint(point);
    return DECODED.test(character) ? character.replace(/\s/, " ") : entity;
  });
}

/** Anything else than a slash behind the host may make another host of it, or a password. */
const OUR_PAGES = "https://github.com/";
/** A link's target that stays: a page of GitHub, a place on this page, or a path in the repository. */
const TARGET = /\](?=\((?!https:\/\/github\.com\/|#[\w-]*[) ]|(?:\.{1,2}\/)*[\w-][\w./-]*[) #]))/gi;

function withoutLinks(text: string): string {
  return (
    text
      .replace(/:(?=\/\/)/g, (colon, at: number) => (isOurs(text, at) ? colon : `:${JOINER}`))
      .replace(/www(?=\.)/gi, `$&${JOINER}`)
      .replace(TARGET, `]${JOINER}`)
      // The target of a link by reference stands somewhere else.
      .replace(/\]:/g, `]${JOINER}:`)
  );
}

function isOurs(text: string, colonAt: number): boolean {
  const from = colonAt - "https".length;
  return text.startsWith(OUR_PAGES, from) && !/[a-z\d+.-]/i.test(text[from - 1] ?? "");
}

/** What follows of ours must not become a part of somebody's code. */
function closeFences(text: string): string {
  let open: string | null = null;
  for (const line of text.split("\n")) {
    const [, fence = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === "") continue;
    if (open === null) {
      if (fence.startsWith("~") || !rest.includes("`")) open = fence;
    } else if (fence.startsWith(open) && rest.trim() === "") {
      open = null;
    }
  }
  return open === null ? text : `${text.replace(/\n$/, "")}\n${open}`;
}
