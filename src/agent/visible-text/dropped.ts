// What a text held that no person sees, by kind.

export interface Dropped {
  /** HTML comments and declarations. */
  comments: number;
  /** Elements that are hidden or never shown, with text in them. */
  elements: number;
  /** Texts of attributes: alternative texts, titles. */
  attributes: number;
  /** Link definitions, and footnotes that nothing refers to. */
  definitions: number;
  /** Invisible characters. */
  characters: number;
}

export const noneDropped: Dropped = {
  comments: 0,
  elements: 0,
  attributes: 0,
  definitions: 0,
  characters: 0,
};

/** Whether something was hidden that could carry words; a stray invisible character alone could not. */
export function hidSomething(dropped: Dropped): boolean {
  const { comments, elements, attributes, definitions, characters } = dropped;
  return comments + elements + attributes + definitions > 0 || characters > WORD_CHARS;
}

/** Emoji and pasted text carry a few invisible characters; a hidden word needs more. */
const WORD_CHARS = 8;
