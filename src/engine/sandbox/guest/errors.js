// Says what went wrong in the author's own terms: name, message, line and column.

import { errorClasses, exec, join, push, split, text } from "./primordials.js";

/** The frames of the author's script where it stands now, as stack text. */
export function callSite() {
  const lines = split(text(new Error("here").stack), "\n");
  const frames = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (exec(/\bscript\.js:\d+:\d+/, lines[index]) !== null) push(frames, lines[index]);
  }
  return join(frames, "\n");
}

/** The error a failed call rejects with, carrying the place where the call was made. */
export function stepError(name, message, site) {
  const Class = errorClasses[name] ?? Error;
  const error = new Class(message);
  if (error.name !== name) define(error, "name", name);
  define(error, "stack", site);
  return error;
}

/** Makes the function that turns whatever was thrown into plain data; `names` are the script's globals. */
export function describer(names, firstLineShift) {
  return function describe(error) {
    try {
      const isError = typeof error === "object" && error !== null;
      const name = isError ? text(error.name ?? "Error") : "Error";
      const message = isError ? text(error.message ?? "") : `The script threw ${text(error)}`;
      return {
        name,
        message: message + hint(name, message, names),
        at: place(error, firstLineShift),
      };
    } catch {
      return { name: "Error", message: "The script threw a value that cannot be read.", at: null };
    }
  };
}

function hint(name, message, names) {
  if (name !== "ReferenceError" || exec(/is not defined$/, message) === null) return "";
  return `. A script has ${join(names, ", ")} and the JavaScript built-ins; it has no timers, modules, network, files or process, and no eval, Function, Proxy, typed arrays or WeakRef.`;
}

function place(error, firstLineShift) {
  if (typeof error !== "object" || error === null) return null;
  const found = exec(/\bscript\.js:(\d+):(\d+)/, text(error.stack));
  if (found === null) return null;
  const line = Number(found[1]);
  const column = Number(found[2]) - (line === 1 ? firstLineShift : 0);
  return { line, column: column < 1 ? 1 : column };
}

function define(error, name, value) {
  Object.defineProperty(error, name, { value, writable: true, configurable: true });
}
