// What the language takes away: clock, randomness, code from text, and parts of the engine known to be weak.

import { construct, defineProperty, getOwnPropertyNames } from "./primordials.js";

const KEPT = new Set(
  (
    "Object Array String Number Boolean Symbol BigInt Math JSON Reflect Date RegExp Map Set WeakMap " +
    "WeakSet Promise Iterator globalThis Error AggregateError EvalError RangeError ReferenceError " +
    "SyntaxError TypeError URIError InternalError Infinity NaN undefined isNaN isFinite parseInt " +
    "parseFloat decodeURI decodeURIComponent encodeURI encodeURIComponent"
  ).split(" "),
);

const CLOCK =
  "Date.now() / new Date() are unavailable in workflow scripts (breaks resume): pass a timestamp in args and use new Date(args.…).";
const RANDOM =
  "Math.random() is unavailable in workflow scripts (breaks resume): put an index in the label or the prompt to make calls differ, or pass a seed in args.";

/** Leaves only what a run can repeat exactly. */
export function removeGlobals() {
  for (const name of getOwnPropertyNames(globalThis)) {
    if (!KEPT.has(name)) delete globalThis[name];
  }
  delete Iterator.concat;
  const makers = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const maker of makers) delete Object.getPrototypeOf(maker).constructor;
  defineProperty(Error, "prepareStackTrace", { value: undefined });
  hide(Math, "random", () => {
    throw new Error(RANDOM);
  });
  hide(globalThis, "Date", clocklessDate(Date));
}

function clocklessDate(RealDate) {
  function ClocklessDate(...values) {
    if (new.target === undefined || values.length === 0) throw new Error(CLOCK);
    return construct(RealDate, values, new.target);
  }
  hide(ClocklessDate, "now", () => {
    throw new Error(CLOCK);
  });
  hide(ClocklessDate, "parse", RealDate.parse);
  hide(ClocklessDate, "UTC", RealDate.UTC);
  defineProperty(ClocklessDate, "name", { value: "Date" });
  defineProperty(ClocklessDate, "length", { value: 7 });
  defineProperty(ClocklessDate, "prototype", { value: RealDate.prototype, writable: false });
  hide(RealDate.prototype, "constructor", ClocklessDate);
  return ClocklessDate;
}

function hide(target, name, value) {
  defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}
