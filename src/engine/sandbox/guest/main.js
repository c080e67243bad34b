// Sets up a script's world inside the engine, runs the script, and reports how it ended.

import { describer } from "./errors.js";
import { fanOut } from "./fan-out.js";
import { removeGlobals } from "./globals.js";
import {
  defineProperty,
  freeze,
  isArray,
  keys,
  parse,
  push,
  split,
  stringify,
  whenSettled,
} from "./primordials.js";
import { refuseProto, stepCalls } from "./steps.js";
import { talk } from "./talk.js";
import { defineUrl } from "./url.js";

/** `say` and `end` are the host's ears: one JSON text each. Returns what the host may call. */
export function openGuest(say, end, programText) {
  const program = parse(programText);
  const state = { phase: null, spent: 0 };
  const names = [];
  const describe = describer(names, program.firstLineShift);
  const calls = stepCalls(say, state);
  const { phase, log, console } = talk(say, { state, describe });
  const { parallel, pipeline } = fanOut(log, describe);
  const budget = openBudget(program.budgetTotal, state);

  removeGlobals();
  defineUrl();
  const globals = stepGlobals(program, calls);
  const own = { parallel, pipeline, phase, log, args: program.args, budget, console };
  for (const name of keys(own)) globals[name] = own[name];
  defineGlobals(globals, names);
  return { settle: calls.settle, run, fail };

  function run(script) {
    whenSettled(script(), (value) => end(finished(value, describe)), fail);
  }

  function fail(error) {
    end(stringify({ kind: "threw", ...describe(error) }));
  }
}

function openBudget(total, state) {
  const spent = () => state.spent;
  const left = () => (total > state.spent ? total - state.spent : 0);
  return { total, spent, remaining: () => (total === null ? Infinity : left()) };
}

function finished(value, describe) {
  try {
    if (typeof value === "function" || typeof value === "symbol") {
      throw new TypeError(`it is a ${typeof value}`);
    }
    return stringify({ kind: "returned", value: value === undefined ? null : value }, refuseProto);
  } catch (error) {
    const { message } = describe(error);
    return stringify({
      kind: "threw",
      name: "TypeError",
      message: `The script's result cannot be written as JSON: ${message}. Return plain data.`,
      at: null,
    });
  }
}

function stepGlobals(program, calls) {
  const globals = { __proto__: null };
  for (const entry of program.functions) {
    // `repo.files` is the member `files` of a global `repo`.
    const [first, second] = split(entry.name, ".");
    const ask = calls.stepFunction(entry);
    if (second === undefined) globals[first] = ask;
    else merge(globals, first, { [second]: ask });
  }
  for (const name of keys(program.constants)) merge(globals, name, program.constants[name]);
  return globals;
}

function merge(globals, name, value) {
  const isObject = typeof value === "object" && value !== null && !isArray(value);
  globals[name] = isObject ? { ...globals[name], ...value } : value;
}

function defineGlobals(globals, names) {
  for (const name of keys(globals)) {
    const value = globals[name];
    if (typeof value === "object" && value !== null && name !== "args") freeze(value);
    defineProperty(globalThis, name, { value, enumerable: true });
    push(names, name);
  }
}
