// parallel and pipeline: a failed slot becomes null and is named in the log; nothing is dropped in silence.

import { allOf, isArray, push } from "./primordials.js";

const MOST_ITEMS = 4096;
const MOST_NAMED = 20;

/** Makes the two functions over a log and a way to describe what was thrown. */
export function fanOut(log, describe) {
  return { parallel, pipeline };

  function parallel(thunks) {
    checkList("parallel", thunks, "functions");
    for (let index = 0; index < thunks.length; index += 1) checkThunk(thunks[index], index);
    const failures = failureLog("parallel");
    const slots = [];
    for (let index = 0; index < thunks.length; index += 1) {
      push(slots, slot(thunks[index], index));
    }
    return gather(slots, failures);

    async function slot(thunk, index) {
      try {
        return await thunk();
      } catch (error) {
        return failures.note(`item ${index}`, error);
      }
    }
  }

  function pipeline(items, ...stages) {
    checkList("pipeline", items, "items");
    for (let index = 0; index < stages.length; index += 1) checkStage(stages[index], index);
    const failures = failureLog("pipeline");
    const slots = [];
    for (let index = 0; index < items.length; index += 1) push(slots, slot(items[index], index));
    return gather(slots, failures);

    async function slot(item, index) {
      let value = item;
      for (let stage = 0; stage < stages.length; stage += 1) {
        try {
          value = await stages[stage](value, item, index);
        } catch (error) {
          return failures.note(`item ${index}, stage ${stage + 1}`, error);
        }
      }
      return value;
    }
  }

  async function gather(slots, failures) {
    const values = await allOf(slots);
    failures.close(values.length);
    return values;
  }

  function failureLog(name) {
    let count = 0;
    return {
      note(place, error) {
        count += 1;
        const { name: kind, message } = describe(error);
        if (count <= MOST_NAMED) log(`${name}: ${place} failed and is null: ${kind}: ${message}`);
        return null;
      },
      close(total) {
        if (count > MOST_NAMED) log(`${name}: ${count} of ${total} items failed and are null`);
      },
    };
  }
}

function checkList(name, list, what) {
  if (!isArray(list)) {
    throw new TypeError(`${name}() takes an array of ${what}, got ${kindOf(list)}`);
  }
  if (list.length > MOST_ITEMS) {
    throw new RangeError(
      `${name}() takes at most ${MOST_ITEMS} ${what}, got ${list.length}: group them into batches, for example one agent for several files`,
    );
  }
}

function checkThunk(thunk, index) {
  if (typeof thunk === "function") return;
  const isPromise = typeof thunk === "object" && thunk !== null && typeof thunk.then === "function";
  throw new TypeError(
    isPromise
      ? `parallel() takes functions, but item ${index} is a promise, so it already runs: write () => agent(…) instead of agent(…)`
      : `parallel() takes functions, but item ${index} is ${kindOf(thunk)}: write () => agent(…)`,
  );
}

function checkStage(stage, index) {
  if (typeof stage === "function") return;
  throw new TypeError(
    `pipeline() takes stages that are functions, but stage ${index + 1} is ${kindOf(stage)}: write (previous, item, index) => agent(…)`,
  );
}

function kindOf(value) {
  if (value === null) return "null";
  return isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
