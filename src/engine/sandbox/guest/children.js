// workflow(nameOrRef, args): another script, started inside this one, one level deep.

import { callSite, stepError } from "./errors.js";
import { parse, PromiseOf, stringify, text, whenSettled } from "./primordials.js";
import { refuseProto } from "./steps.js";

const NESTED =
  "workflow() cannot be called from within a child workflow: there is one level only. Call it from the script that was started, or do the work with agent().";

const MOST_CHILDREN = 1_000;

/**
 * `openScope` makes what a child sees in place of the globals. The host evaluates a child's text: it is what `settle`
 * returned, and the host answers with `launch`, or with `refuse` when the text does not parse.
 */
export function childWorkflows({ ask }, { describeChild, openScope }) {
  let due = null;
  let count = 0;
  return { workflow, nested, launch, refuse };

  function workflow(wanted, given) {
    const site = callSite();
    return new PromiseOf((resolve, reject) => {
      try {
        count += 1;
        if (count > MOST_CHILDREN) throw new RangeError(`a run starts at most ${MOST_CHILDREN}`);
        const { input, label } = readWanted(wanted);
        const args = plain(given);
        const child = { resolve, reject, site, args, called: label };
        const start = (found) => {
          due = { ...child, name: found.name };
          return found.source;
        };
        ask({ step: "workflow", input, label, phase: null }, { resolve: start, reject, site });
      } catch (error) {
        reject(stepError(text(error?.name), `workflow(): ${text(error?.message)}`, site));
      }
    });
  }

  async function nested() {
    throw stepError("Error", NESTED, callSite());
  }

  function launch(makeScript) {
    const child = due;
    due = null;
    const scope = { phase: child.name, isChild: true };
    const script = makeScript(openScope(scope, { args: child.args, workflow: nested }));
    whenSettled(
      script(),
      (value) => finish(child, value),
      (error) => fail(child, error),
    );
  }

  function refuse(error) {
    const child = due;
    due = null;
    fail(child, error);
  }

  function finish(child, value) {
    try {
      if (typeof value === "function" || typeof value === "symbol") {
        throw new TypeError(`its result is a ${typeof value}: return plain data`);
      }
      child.resolve(plain(value) ?? null);
    } catch (error) {
      fail(child, error);
    }
  }

  function fail({ reject, called, site }, error) {
    const { name, message, at } = describeChild(error);
    const place = at === null ? "" : ` at its line ${at.line}, column ${at.column}`;
    reject(stepError(name, `workflow("${called}") failed${place}: ${message}`, site));
  }
}

function readWanted(wanted) {
  if (typeof wanted === "string") return { input: { name: wanted }, label: wanted };
  const path = typeof wanted === "object" && wanted !== null ? wanted.scriptPath : undefined;
  if (typeof path === "string") return { input: { scriptPath: path }, label: path };
  throw new TypeError(
    "pass a workflow's name, or { scriptPath: '…' } with a path inside the repository",
  );
}

// As at every border: what goes into a child and comes out of it is JSON.
function plain(value) {
  const json = stringify(value, refuseProto);
  return json === undefined ? undefined : parse(json);
}
