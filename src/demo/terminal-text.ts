// What repositories and models wrote, as a terminal may be given it: no orders to it, and nothing that nobody sees.

import { dropInvisible } from "../agent/code-points.ts";

/** Text of several lines. */
export function plainText(text: string): string {
  return dropInvisible(text).text;
}

/** Text for one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, " ").trim();
}

/** JSON whose odd characters are escapes, so that it says the same and does nothing to a terminal. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[^\n\P{C}]|[\u2028\u2029]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
