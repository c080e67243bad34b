// Turns a checked script into a module whose default export runs it, without moving a line.

const OPENING = "export default (async () => {";

/** The text to evaluate, and by how many columns the first line moved to the right. */
export interface Wrapped {
  text: string;
  firstLineShift: number;
}

/**
 * Makes the script the body of an async function, where `await` and `return` are legal at its top level. The word
 * `export` before `const meta` is blanked, not removed, so that line and column stay the author's own.
 */
export function wrapScript(source: string): Wrapped {
  const found = /^(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*export(?=[\s/])/.exec(source);
  const end = found?.[0].length ?? 0;
  const body =
    found === null ? source : `${source.slice(0, end - "export".length)}      ${source.slice(end)}`;
  // The engine counts the columns of a first line from 0, of all others from 1.
  return { text: `${OPENING}${body}\n})`, firstLineShift: OPENING.length - 1 };
}
