// What a script says to people: phases and log lines, cut to a length that a page can show.

import { freeze, isArray, join, push, slice, stringify, text } from "./primordials.js";

const LINE_CHARS = 10_000;

/** Makes `phase` for one scope, `log` and `console`. Of many lines the host keeps the last ones: `note` is its ear. */
export function talk({ say, note, describe }) {
  return {
    phaseFunction,
    log,
    console: freeze({ log, info: log, debug: log, warn: log, error: log }),
  };

  function phaseFunction(scope) {
    return (title) => {
      const shown = cut(text(title));
      // The calls of a workflow inside this one stand under its name.
      if (scope.isChild) return;
      scope.phase = shown;
      say(stringify({ __proto__: null, kind: "phase", title: shown }));
    };
  }

  function log(...values) {
    const words = [];
    for (let index = 0; index < values.length; index += 1) push(words, readable(values[index]));
    note(stringify({ __proto__: null, kind: "log", message: cut(join(words, " ")) }));
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
