// Says what went wrong in the author's own terms: name, message, line and column.

import {
  errorClasses,
  exec,
  join,
  push,
  setPrototypeOf,
  slice,
  split,
  stringify,
  text,
} from "./primordials.js";

const MOST_FRAMES = 5;
const MOST_CHARS = 500;
const MAIN = /^\s*at (?:(.*?) \()?script\.js:(\d+):(\d+)\)?$/;
const CHILD = /^\s*at (?:(.*?) \()?workflow\.js:(\d+):(\d+)\)?$/;

/** Where the script stands now, for `stepError`; read only when a call has failed, since most do not. */
export function callSite() {
  return text(new Error("here").stack);
}

function ownFrames(site) {
  const lines = split(site, "\n");
  const frames = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (exec(MAIN, line) !== null || exec(CHILD, line) !== null) push(frames, line);
  }
  return join(frames, "\n");
}

/** The error a failed call rejects with, carrying the place where the call was made. */
export function stepError(name, message, site) {
  const Class = errorClasses[name] ?? Error;
  const error = new Class(message);
  if (error.name !== name) define(error, "name", name);
  define(error, "stack", ownFrames(site));
  return error;
}

/**
 * Makes the functions that turn whatever was thrown into plain data: `describe` by its place in the script, and
 * `describeChild` by its place in a workflow the script called. `names` are the script's globals.
 */
export function describers(names, { firstLineShift, childFirstLineShift }) {
  return {
    describe: (error) => describe(error, { names, file: MAIN, shift: firstLineShift }),
    describeChild: (error) => describe(error, { names, file: CHILD, shift: childFirstLineShift }),
  };
}

function describe(error, { names, file, shift }) {
  try {
    const isError = typeof error === "object" && error !== null;
    const name = isError ? text(error.name ?? "Error") : "Error";
    const said = isError ? (error.message ?? null) : null;
    const isBare = said === null && !(error instanceof Error);
    const message = isBare ? `The script threw ${readable(error)}` : text(said ?? "");
    const frames = isError ? framesOf(text(error.stack), file, shift) : bare([]);
    const first = frames[0];
    const at = first === undefined ? null : bare({ line: first.line, column: first.column });
    return { name, message: message + hint(name, message, names), at, frames };
  } catch {
    const message = "The script threw a value that cannot be read.";
    return { name: "Error", message, at: null, frames: bare([]) };
  }
}

/** What was thrown and is no error, as its author would write it. */
function readable(value) {
  const isObject = typeof value === "object" && value !== null;
  return slice((isObject ? stringify(value) : undefined) ?? text(value), 0, MOST_CHARS);
}

function hint(name, message, names) {
  if (name !== "ReferenceError" || exec(/is not defined$/, message) === null) return "";
  return `. A script has ${join(names, ", ")} and the JavaScript built-ins; it has no modules, network, files or process, and no eval, Function, Proxy, typed arrays or WeakRef.`;
}

function framesOf(stack, file, shift) {
  const lines = split(stack, "\n");
  const frames = bare([]);
  for (let index = 0; index < lines.length && frames.length < MOST_FRAMES; index += 1) {
    const found = exec(file, lines[index]);
    if (found !== null) push(frames, frame(found, shift));
  }
  return frames;
}

function frame(found, shift) {
  const name = found[1];
  const line = Number(found[2]);
  const column = Number(found[3]) - (line === 1 ? shift : 0);
  const isNamed = name !== undefined && name !== "<anonymous>" && name !== "default";
  return bare({ name: isNamed ? name : null, line, column: column < 1 ? 1 : column });
}

/** Data whose text no `toJSON` of a script's own can change. */
export function bare(data) {
  return setPrototypeOf(data, null);
}

function define(error, name, value) {
  Object.defineProperty(error, name, { value, writable: true, configurable: true });
}
