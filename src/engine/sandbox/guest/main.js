// Sets up a script's world inside the engine, runs the script, and reports how it ended.

import { childWorkflows } from "./children.js";
import { bare, describers } from "./errors.js";
import { fanOut } from "./fan-out.js";
import { removeGlobals } from "./globals.js";
import { outbox } from "./outbox.js";
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
import { timers } from "./timers.js";
import { defineUrl } from "./url.js";

/** The host's ears take JSON texts, `say` several of them, a line each. Returns what the host may call. */
export function openGuest(ears, programText) {
  const { say, note, end } = inOrder(ears);
  const program = parse(programText);
  const state = { spent: 0 };
  const names = [];
  const { describe, describeChild } = describers(names, program);
  const calls = stepCalls(say, state);
  const { phaseFunction, log, console } = talk({ say, note, describe });
  const { workflow, launch, refuse } = childWorkflows(calls, { describeChild, openScope });

  removeGlobals();
  defineUrl();
  const shared = { ...fanOut(log, describe), log, budget: openBudget(program.budgetTotal, state) };
  const main = openScope({ phase: null, isChild: false }, { args: program.args, workflow });
  defineGlobals({ __proto__: null, ...main, ...shared, console, ...timers(calls, fail) }, names);
  return { settle: calls.settle, launch, refuse, run, fail };

  /** What differs between a script and a workflow inside it: its input, and the phase its calls are in. */
  function openScope(scope, { args, workflow: own }) {
    const globals = stepGlobals(program, (entry) => calls.stepFunction(entry, scope));
    globals.phase = phaseFunction(scope);
    globals.args = args;
    globals.workflow = own;
    return globals;
  }

  function run(script) {
    whenSettled(script(), (value) => end(finished(value, describe)), fail);
  }

  function fail(error) {
    end(stringify({ __proto__: null, kind: "threw", ...describe(error) }));
  }
}

// What waits in the outbox was said before what comes now.
function inOrder({ say, note, end }) {
  const { put, flush } = outbox(say);
  return {
    say: put,
    note: (text) => (flush(), note(text)),
    end: (text) => (flush(), end(text)),
  };
}

function openBudget(total, state) {
  const spent = () => state.spent;
  const left = () => (total > state.spent ? total - state.spent : 0);
  return freeze({ total, spent, remaining: () => (total === null ? Infinity : left()) });
}

function finished(value, describe) {
  try {
    if (typeof value === "function" || typeof value === "symbol") {
      throw new TypeError(`it is a ${typeof value}`);
    }
    const frame = { __proto__: null, kind: "returned", value: value === undefined ? null : value };
    return stringify(frame, refuseProto);
  } catch (error) {
    const { message } = describe(error);
    return stringify({
      __proto__: null,
      kind: "threw",
      name: "TypeError",
      message: `The script's result cannot be written as JSON: ${message}. Return plain data.`,
      at: null,
      frames: bare([]),
    });
  }
}

function stepGlobals(program, makeFunction) {
  const globals = { __proto__: null };
  for (const entry of program.functions) {
    // `repo.files` is the member `files` of a global `repo`.
    const [first, second] = split(entry.name, ".");
    const ask = makeFunction(entry);
    if (second === undefined) globals[first] = ask;
    else merge(globals, first, { [second]: ask });
  }
  for (const name of keys(program.constants)) merge(globals, name, program.constants[name]);
  for (const name of keys(globals)) {
    if (typeof globals[name] === "object") freeze(globals[name]);
  }
  return globals;
}

function merge(globals, name, value) {
  const isObject = typeof value === "object" && value !== null && !isArray(value);
  globals[name] = isObject ? { ...globals[name], ...value } : value;
}

function defineGlobals(globals, names) {
  for (const name of keys(globals)) {
    const value = globals[name];
    defineProperty(globalThis, name, { value, enumerable: true });
    push(names, name);
  }
}
