// Turns a checked script into a module whose default export runs it, without moving a line.

import type { Program } from "../sandbox.ts";

const OPENING = "export default (async () => {";
const CLOSING = "\n})";

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
  return wrap(source, OPENING, CLOSING);
}

/**
 * The same for a workflow inside another one. Its function sits in one that names what differs for it, in a scope of
 * its own, so that a script may still declare those names.
 */
export function wrapChild(source: string, functions: Program["functions"]): Wrapped {
  const names = new Set(functions.map(({ name }) => name.split(".")[0]));
  const opening = `export default (({ args, phase, workflow, ${[...names].join(", ")} }) => async () => {`;
  return wrap(source, opening, CLOSING);
}

function wrap(source: string, opening: string, closing: string): Wrapped {
  const found = /^(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*export(?=[\s/])/.exec(source);
  const end = found?.[0].length ?? 0;
  const body =
    found === null ? source : `${source.slice(0, end - "export".length)}      ${source.slice(end)}`;
  // The engine counts the columns of a first line from 0, of all others from 1.
  return { text: `${opening}${body}${closing}`, firstLineShift: opening.length - 1 };
}
