// setTimeout and clearTimeout: a timer is a call like any other, so that a resumed run wakes up in the same order.

import { apply, text } from "./primordials.js";

const MOST_MS = 24 * 60 * 60 * 1000;
const MOST_TIMERS = 10_000;
const MOST_AT_ONCE = 1_000;

/** `onError` hears what a callback threw: nobody else could. */
export function timers({ ask, drop }, onError) {
  let count = 0;
  let open = 0;
  return { setTimeout, clearTimeout };

  function setTimeout(callback, delay, ...values) {
    if (typeof callback !== "function") {
      throw new TypeError(`setTimeout() takes a function, got ${typeof callback}`);
    }
    const ms = readDelay(delay);
    count += 1;
    if (count > MOST_TIMERS) {
      throw new RangeError(`A script starts at most ${MOST_TIMERS} timers: wait for calls instead`);
    }
    if (open === MOST_AT_ONCE) {
      throw new RangeError(`At most ${MOST_AT_ONCE} timers run at once`);
    }
    const call = { step: "timer", input: { ms }, label: null, phase: null };
    // Numbers from 1, so that a script may ask `if (timer)`.
    const timer = ask(call, { resolve: () => wake(callback, values), mayDrop: true }) + 1;
    open += 1;
    return timer;
  }

  function clearTimeout(timer) {
    if (typeof timer === "number" && drop(timer - 1)) open -= 1;
  }

  function wake(callback, values) {
    open -= 1;
    try {
      apply(callback, undefined, values);
    } catch (error) {
      onError(error);
    }
  }
}

function readDelay(delay) {
  const ms = delay === undefined ? 0 : Number(delay);
  // As everywhere: what is no positive number means at once.
  if (!(ms > 0)) return 0;
  if (ms <= MOST_MS) return ms;
  throw new RangeError(`setTimeout() waits at most ${MOST_MS} ms (a day), got ${text(ms)}`);
}
