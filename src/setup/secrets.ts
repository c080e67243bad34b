// Words that are good once, and words that let somebody in: compared so that nobody learns from the time it takes.

import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other));

/** Older ones are forgotten. */
const MOST = 100;

export interface OneTime {
  issue(): string;
  /** Whether it was issued and not taken yet. */
  take(word: string): boolean;
}

export function openOneTime(secret: () => string): OneTime {
  let issued: string[] = [];
  return {
    issue() {
      const word = secret();
      issued = [...issued, word].slice(-MOST);
      return word;
    },
    take(word) {
      const left = issued.filter((each) => !isSame(each, word));
      const isTaken = left.length < issued.length;
      issued = left;
      return isTaken;
    },
  };
}
