// The functions that ask the host for work: one JSON text out for each call, one answer in.

import { callSite, stepError } from "./errors.js";
import { keys, parse, PromiseOf, slice, stringify, text } from "./primordials.js";

const LABEL_CHARS = 60;
const MOST_LABEL_CHARS = 200;

/** The table of open calls; `state.spent` is shared with the rest of the guest. */
export function stepCalls(say, state) {
  const open = { __proto__: null };
  let nextId = 0;
  return { ask, drop, stepFunction, settle };

  /** Sends one call and returns its number; `handlers` hear of its outcome. */
  function ask(call, handlers) {
    const id = nextId;
    const { step, input, label, phase } = call;
    const given = isFlat(input) ? stringify(input) : stringify(input, refuseProto);
    // Put together by hand: the engine is slow at writing nested objects.
    say(
      `{"kind":"asked","call":{"id":${id},"step":${stringify(step)},"input":${given},"label":${stringify(label)},"phase":${stringify(phase)}}}`,
    );
    open[id] = handlers;
    nextId += 1;
    return id;
  }

  /** Takes a call back when it is open and marked so; tells whether it was. */
  function drop(id) {
    if (open[id]?.mayDrop !== true) return false;
    delete open[id];
    say(stringify({ __proto__: null, kind: "dropped", id }));
    return true;
  }

  /** A global function of the language, for one entry of its table; `scope` says which phase its calls are in. */
  function stepFunction({ name, step, parameters }, scope) {
    return (...values) => {
      const site = callSite();
      return new PromiseOf((resolve, reject) => {
        try {
          ask(readCall({ step, parameters, scope }, values), { resolve, reject, site });
        } catch (error) {
          reject(stepError(text(error?.name), `${name}(): ${text(error?.message)}`, site));
        }
      });
    };
  }

  /**
   * Settles one call. `body` is its value, as a text or as JSON, or the JSON of an error. Returns the text of a workflow
   * that is to be started now, if any.
   */
  // oxlint-disable-next-line eslint/max-params -- one object for them would cost more than all the rest
  function settle(id, spent, form, body) {
    state.spent = spent;
    // Taken back while the answer was on its way.
    if (open[id] === undefined) return undefined;
    const { resolve, reject, site } = open[id];
    delete open[id];
    if (form === "text") return resolve(body);
    const value = parse(body);
    if (form === "json") return resolve(value);
    reject(stepError(value.name, value.message, site));
  }
}

// Looking at every key is slow; most calls have a prompt and a few words, and no place for a bad key.
function isFlat(input) {
  const names = keys(input);
  for (let index = 0; index < names.length; index += 1) {
    const type = typeof input[names[index]];
    if (names[index] === "__proto__" || (type !== "string" && type !== "boolean")) return false;
  }
  return true;
}

function readCall({ step, parameters, scope }, values) {
  const options = readOptions(values[parameters.length]);
  const input = { __proto__: null };
  const names = keys(options);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (name !== "label" && name !== "phase") input[name] = options[name];
  }
  for (let index = 0; index < parameters.length; index += 1) {
    input[parameters[index]] = readArgument(parameters[index], values[index]);
  }
  const label = readText("label", options.label) ?? firstText(input, parameters);
  const phase = readText("phase", options.phase);
  return { step, input, label, phase: scope.isChild ? scope.phase : (phase ?? scope.phase) };
}

function readOptions(options) {
  if (options === undefined || options === null) return { __proto__: null };
  if (typeof options !== "object") {
    throw new TypeError(`options must be an object such as { label: '…' }, got ${typeof options}`);
  }
  return { __proto__: null, ...options };
}

// A prompt is text whatever it was made from; everything else keeps its shape.
function readArgument(name, value) {
  if (name !== "prompt") return value;
  if (value === undefined) throw new TypeError("a prompt is missing: pass the task as a string");
  return text(value);
}

function readText(name, value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return slice(value, 0, MOST_LABEL_CHARS);
  throw new TypeError(`the option ${name} must be a string, got ${typeof value}`);
}

function firstText(input, parameters) {
  for (let index = 0; index < parameters.length; index += 1) {
    const value = input[parameters[index]];
    if (typeof value === "string") return slice(value, 0, LABEL_CHARS);
  }
  return null;
}

export function refuseProto(key, value) {
  if (key === "__proto__") throw new TypeError("an object must not have a key named __proto__");
  return value;
}
