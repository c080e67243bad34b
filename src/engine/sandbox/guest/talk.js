// What a script says to people: phases and log lines, cut to a length that a page can show.

import { isArray, join, push, slice, stringify, text } from "./primordials.js";

const LINE_CHARS = 10_000;

/** Makes `phase`, `log` and `console`; `state.phase` is shared with the step functions. */
export function talk(say, { state, describe }) {
  return { phase, log, console: { log, info: log, debug: log, warn: log, error: log } };

  function phase(title) {
    state.phase = cut(text(title));
    say(stringify({ kind: "phase", title: state.phase }));
  }

  function log(...values) {
    const words = [];
    for (let index = 0; index < values.length; index += 1) push(words, readable(values[index]));
    say(stringify({ kind: "log", message: cut(join(words, " ")) }));
  }

  function readable(value) {
    if (typeof value !== "object" || value === null) return text(value);
    if (value instanceof Error) {
      const { name, message } = describe(value);
      return `${name}: ${message}`;
    }
    try {
      return stringify(value) ?? text(value);
    } catch {
      return isArray(value) ? "[array]" : "[object]";
    }
  }
}

function cut(line) {
  const more = line.length - LINE_CHARS;
  return more > 0 ? `${slice(line, 0, LINE_CHARS)}… (${more} more characters)` : line;
}
