// One script engine with fixed memory: runs the guest and the script, and watches both by the host's own counters.

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten";

import { SandboxFault } from "../errors.ts";
import type { Program } from "../sandbox.ts";
import { readGuestFiles } from "./guest-files.ts";
import type { SandboxLimits } from "./limits.ts";
import { loadEngine } from "./load-engine.ts";
import { createWatch, type Texts, type Watch } from "./watch.ts";
import { wrapScript } from "./wrap.ts";

const JOBS_AT_ONCE = 1_000;
const PAGES_IN_MIB = 16;

/**
 * A script engine. Both methods move the script until it can go no further and throw `SandboxFault` when a limit
 * ends it; after that the machine is left to the garbage collector, never used again and never disposed, because an
 * engine that met a limit may abort on the way out.
 */
export interface Machine {
  start(program: Program): Texts;
  /** `answer` is the JSON of an `Answer`. */
  deliver(answer: string): Texts;
  /** The script returned or threw: nothing of it is of interest any more. */
  hasEnded(): boolean;
}

/** Makes a fresh engine in a memory of its own. */
export async function openMachine(limits: SandboxLimits): Promise<Machine> {
  const watch = createWatch(limits);
  const exhausted = `The script used up its memory (${limits.memoryPages / PAGES_IN_MIB} MiB).`;
  const module = await loadEngine(limits.memoryPages, () => watch.stop("memory", exhausted));
  const runtime = module.newRuntime();
  runtime.setMaxStackSize(limits.stackBytes);
  runtime.setInterruptHandler(() => watch.interrupts());
  const context = runtime.newContext();
  return createMachine({ runtime, context, watch });
}

interface Engine {
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  watch: Watch;
}

function createMachine(engine: Engine): Machine {
  const { context, watch } = engine;
  let guest: QuickJSHandle | null = null;

  return {
    start: (program) =>
      stretch(engine, () => {
        const wrapped = wrapScript(program.source);
        guest = openGuest(engine, program, wrapped.firstLineShift);
        const script = context.evalCode(wrapped.text, "script.js", { type: "module" });
        if (script.error === undefined) {
          callGuest(engine, guest, ["run", context.getProp(script.value, "default")]);
        } else {
          callGuest(engine, guest, ["fail", script.error]);
        }
      }),
    deliver: (answer) =>
      stretch(engine, () => {
        if (guest === null) throw new Error("An answer was delivered before the script started.");
        callGuest(engine, guest, ["settle", context.newString(answer)]);
      }),
    hasEnded: () => watch.hasEnded(),
  };

  function stretch({ runtime }: Engine, move: () => void): Texts {
    watch.begin();
    try {
      move();
      runJobs(runtime, watch);
    } catch (error) {
      throw watch.fault() ?? faultOf(error);
    }
    const fault = watch.fault();
    if (fault !== null) throw fault;
    return watch.texts();
  }
}

function openGuest({ runtime, context, watch }: Engine, program: Program, firstLineShift: number) {
  const files = readGuestFiles();
  runtime.setModuleLoader(
    (name) => files.get(name) ?? { error: new Error(`There is no module ${name}.`) },
  );
  const main = context.evalCode(files.get("fanfold/main.js") ?? "", "fanfold/main.js", {
    type: "module",
  });
  // Without a name no module is found, not even the guest's own, which are loaded by now.
  const error = new Error("A script loads no modules.");
  runtime.setModuleLoader(
    () => ({ error }),
    () => ({ error }),
  );
  const open = context.getProp(context.unwrapResult(main), "openGuest");
  const say = context.newFunction("say", (text) => watch.hear(read(context, text), "said"));
  const end = context.newFunction("end", (text) => watch.hear(read(context, text), "ended"));
  const { source: _, ...rest } = program;
  const given = context.newString(JSON.stringify({ ...rest, firstLineShift }));
  return context.unwrapResult(context.callFunction(open, context.undefined, say, end, given));
}

function read(context: QuickJSContext, text: QuickJSHandle): string | null {
  return context.typeof(text) === "string" ? context.getString(text) : null;
}

function callGuest({ context }: Engine, guest: QuickJSHandle, call: [string, QuickJSHandle]): void {
  const [name, argument] = call;
  const method = context.getProp(guest, name);
  context.unwrapResult(context.callFunction(method, context.undefined, argument)).dispose();
  argument.dispose();
  method.dispose();
}

function runJobs(runtime: QuickJSRuntime, watch: Watch): void {
  while (runtime.hasPendingJob() && watch.fault() === null) {
    const done = runtime.executePendingJobs(JOBS_AT_ONCE);
    if (done.error !== undefined) throw watch.fault() ?? new Error("A promise job failed.");
    watch.countJobs(done.value);
  }
}

function faultOf(error: unknown): SandboxFault {
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return new SandboxFault("stack", "The script nests deeper than its stack allows.", {
      cause: error,
    });
  }
  return new SandboxFault("crash", "The script engine failed; the run can be resumed.", {
    cause: error,
  });
}
