// Characters that nobody sees: taken out of prose, shown as marks in code.

// Beyond the format and control classes: fillers, blank braille, joiners, old selectors, tags and selectors supplement.
const INVISIBLE = new RegExp(
  String.raw`[\p{Cf}\p{Cc}\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2800}\u{034F}\u{061C}\u{180E}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{FE00}-\u{FE0F}\u{E0000}-\u{E0FFF}]`,
  "gu",
);

// Colours and other orders to a terminal: CSI, OSC and two-character sequences.
const TERMINAL_ESCAPE = new RegExp(
  String.raw`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])`,
  "gu",
);

const BEFORE_SELECTOR = /[\p{Extended_Pictographic}0-9#*]$/u;
const BEFORE_JOINER = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}]$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;

/** Prose without what a person does not see. `removed` counts characters. */
export function dropInvisible(text: string): { text: string; removed: number } {
  let removed = 0;
  const plain = text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(TERMINAL_ESCAPE, (escape) => ((removed += escape.length), ""));
  const visible = plain.replace(INVISIBLE, (character: string, at: number) => {
    if (isWanted(plain, character, at)) return character;
    removed += 1;
    return "";
  });
  return { text: visible, removed };
}

/** Code with such characters as `<U+202E>`, so that a reader meets them. `shown` counts them. */
export function showInvisible(text: string): { text: string; shown: number } {
  let shown = 0;
  const marked = text.replace(INVISIBLE, (character: string, at: number) => {
    if (character === "\r" || isWanted(text, character, at)) return character;
    shown += 1;
    return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
  });
  return { text: marked, shown };
}

// The text and emoji selectors and the joiner are part of how an emoji is written, and mean nothing elsewhere.
function isWanted(text: string, character: string, at: number): boolean {
  if (character === "\n" || character === "\t") return true;
  const before = text.slice(Math.max(0, at - 2), at);
  const after = text.slice(at + 1, at + 3);
  if (character === "\u{FE0E}" || character === "\u{FE0F}") return BEFORE_SELECTOR.test(before);
  if (character === "\u{200D}") return BEFORE_JOINER.test(before) && EMOJI_AFTER.test(after);
  return false;
}
