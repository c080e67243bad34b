// One script engine with fixed memory: runs the guest and the script, and watches both by the host's own counters.

import * as ng from "@jitl/quickjs-ng-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from "quickjs-emscripten";

import { SandboxFault, type SandboxLimit } from "../errors.ts";
import type { Program } from "../sandbox.ts";
import { readGuestFiles } from "./guest-files.ts";
import type { SandboxLimits } from "./limits.ts";
import { wrapScript } from "./wrap.ts";

const JOBS_AT_ONCE = 1_000;

// Node has it; its type lives in the browser's library, which this project does not load.
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number }) => { grow(pages: number): number };
};

/** What the script sent since it was last moved: JSON texts, hostile until read through the border. */
export type Texts = readonly string[];

/**
 * A script engine. Both methods move the script until it can go no further and throw `SandboxFault` when a limit
 * ends it; after that the machine is left to the garbage collector, never used again and never disposed, because an
 * engine that met a limit may abort on the way out.
 */
export interface Machine {
  start(program: Program): Texts;
  /** `answer` is the JSON of an `Answer`. */
  deliver(answer: string): Texts;
}

/** Loads a fresh engine. Its memory is at its full size from the start, because growing it breaks open calls. */
export async function openMachine(limits: SandboxLimits): Promise<Machine> {
  const watch = createWatch(limits);
  const wasmMemory = new WebAssembly.Memory({
    initial: limits.memoryPages,
    maximum: limits.memoryPages,
  });
  // The engine asks for more only when nothing is left: the one sign of exhaustion a script cannot forge or hide.
  wasmMemory.grow = () => {
    watch.stop("memory", `The script used up its memory (${limits.memoryPages / 16} MiB).`);
    throw new RangeError("The sandbox's memory does not grow.");
  };
  const module = await newQuickJSWASMModuleFromVariant(newVariant(syncVariant(), { wasmMemory }));
  const runtime = module.newRuntime();
  runtime.setMaxStackSize(limits.stackBytes);
  runtime.setInterruptHandler(() => watch.interrupts());
  const context = runtime.newContext();
  return createMachine({ runtime, context, watch });
}

// The package's types describe its CommonJS face, where the variant is one level further down.
function syncVariant(): QuickJSSyncVariant {
  const face = ng.default;
  const variant = "default" in face ? face.default : face;
  if (variant.type === "sync") return variant;
  throw new Error("The script engine is not the synchronous build.");
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

/** The host's own counters for one engine; the first limit that was hit is the one reported. */
interface Watch {
  begin(): void;
  stop(limit: SandboxLimit, message: string): void;
  fault(): SandboxFault | null;
  interrupts(): boolean;
  hear(text: string | null, how: "said" | "ended"): void;
  countJobs(count: number): void;
  texts(): Texts;
}

function createWatch(limits: SandboxLimits): Watch {
  let fault: SandboxFault | null = null;
  let texts: string[] = [];
  let ended = false;
  let count = { cpuStartMs: 0, jobs: 0, chars: 0 };
  let totalChars = 0;

  function stop(limit: SandboxLimit, message: string): void {
    fault ??= new SandboxFault(limit, message);
  }

  function countChars(chars: number): void {
    count.chars += chars;
    totalChars += chars;
    if (chars > limits.textChars) {
      stop("size", `One call, log line or result has more than ${limits.textChars} characters.`);
    } else if (count.chars > limits.stretchChars || totalChars > limits.totalChars) {
      stop("size", "The script sent more text than a run may send.");
    } else if (texts.length >= limits.stretchTexts) {
      stop("size", `The script asked or logged more than ${limits.stretchTexts} times in one go.`);
    }
  }

  return {
    stop,
    begin() {
      texts = [];
      count = { cpuStartMs: cpuMs(), jobs: 0, chars: 0 };
    },
    fault: () => fault,
    interrupts() {
      if (fault === null && cpuMs() - count.cpuStartMs > limits.stretchCpuMs) {
        stop(
          "cpu",
          `The script computed for more than ${limits.stretchCpuMs} ms without waiting for a call.`,
        );
      }
      return fault !== null;
    },
    hear(text, how) {
      if (fault !== null || ended) return;
      if (text === null) return stop("crash", "The script engine sent something that is no text.");
      countChars(text.length);
      if (fault === null) texts.push(text);
      ended = how === "ended";
    },
    countJobs(jobs) {
      count.jobs += jobs;
      if (count.jobs > limits.stretchJobs) {
        stop("jobs", `The script ran more than ${limits.stretchJobs} promise jobs in one go.`);
      }
    },
    texts: () => texts,
  };
}

// Computing time of this thread, not wall time: a busy machine is not the script's fault.
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
