// What git or a disk said in several lines, as a part of a sentence.

/** Without the full stop at its end. */
export function inOneLine(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said
    .trim()
    .replaceAll(/\s*\n\s*/gu, "; ")
    .replace(/\.$/u, "");
}
