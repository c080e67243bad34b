// What a script said in one stretch: calls and phases whole, and of its log lines the last ones.

/** The texts of one stretch, in the order they were said. */
export interface StretchTexts {
  /** Keeps a text that must not be lost. Both return the characters of what had to go for it. */
  keep(text: string): number;
  /** Keeps a log line, in place of the oldest one when there are too many. */
  note(text: string): number;
  /** How many were kept that must not be lost, those taken included. */
  count(): number;
  /** Takes what there is, unless it is little, or holds a log line that may still have to go. */
  takePart(): string[] | null;
  /** What is there and was not taken. */
  all(): string[];
}

const PART = 256;

/** Starts a stretch that keeps so many log lines. */
export function createStretchTexts(mostLines: number): StretchTexts {
  let texts: (string | null)[] = [];
  const lines: number[] = [];
  let kept = 0;

  function forgetOldest(): number {
    const place = lines.length > mostLines ? lines.shift() : undefined;
    if (place === undefined) return 0;
    const chars = texts[place]?.length ?? 0;
    texts[place] = null;
    return chars;
  }

  return {
    keep(text) {
      kept += 1;
      texts.push(text);
      return 0;
    },
    note(text) {
      lines.push(texts.length);
      texts.push(text);
      return forgetOldest();
    },
    count: () => kept,
    takePart() {
      if (texts.length < PART || lines.length > 0) return null;
      const part = all();
      texts = [];
      return part;
    },
    all,
  };

  function all(): string[] {
    return texts.filter((text) => text !== null);
  }
}
