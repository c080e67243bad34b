// Names that a script uses and that exist neither in it nor in the language: worth a note, since a script may probe.

import type { Program } from "acorn";
import { simple } from "acorn-walk";

import { type Location, type Note, problemAt, type Refusal } from "./problem.ts";
import { scopesOf } from "./scopes.ts";

/** What the sandbox leaves of the JavaScript built-ins. */
const BUILT_INS = new Set(
  (
    "Object Array String Number Boolean Symbol BigInt Math JSON Reflect Date RegExp Map Set WeakMap " +
    "WeakSet Promise Iterator globalThis Error AggregateError EvalError RangeError ReferenceError " +
    "SyntaxError TypeError URIError Infinity NaN undefined isNaN isFinite parseInt parseFloat " +
    "decodeURI decodeURIComponent encodeURI encodeURIComponent arguments"
  ).split(" "),
);

/** A note for each unknown name, at its first use; none for a name the script looks at with `typeof`. */
export function checkNames(program: Program, globals: ReadonlySet<string>): Note[] {
  const probed = probedNames(program);
  const first = new Map<string, Location | null | undefined>();
  for (const { name, place } of scopesOf(program).unresolved) {
    const known = globals.has(name) || BUILT_INS.has(name) || probed.has(name);
    if (!known && !first.has(name)) first.set(name, place);
  }
  return [...first].map(([name, place]) => problemAt(place, unknownName(name, globals)));
}

function probedNames(program: Program): ReadonlySet<string> {
  const probed = new Set<string>();
  simple(program, {
    UnaryExpression({ operator, argument }) {
      if (operator === "typeof" && argument.type === "Identifier") probed.add(argument.name);
    },
  });
  return probed;
}

const ADVICE: Readonly<Record<string, string>> = {
  process: "there is no process: pass what you need in `args`",
  require: "a script loads no modules: do it in the script, or ask an agent",
  fetch: "a script has no network: ask an agent",
  fs: "a script has no files: use `repo.read` and `repo.files`",
  Buffer: "there is no Buffer: strings are enough, or ask an agent",
  structuredClone: "use `JSON.parse(JSON.stringify(value))`",
  queueMicrotask: "use `await null`",
  setInterval: "use a bounded loop with `setTimeout`",
  Intl: "there is no Intl: format by hand",
  performance: "there is no clock: pass a timestamp in `args`",
  crypto: "there is no randomness: pass a seed in `args`",
};

function unknownName(name: string, globals: ReadonlySet<string>): Refusal {
  const advice = Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
  const all = `a script has ${[...globals].join(", ")} and the JavaScript built-ins`;
  return {
    message: `\`${name}\` is declared nowhere and is no part of the language; using it throws a ReferenceError`,
    help: advice ?? all,
  };
}
