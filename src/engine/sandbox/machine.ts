// One script engine with fixed memory: runs the guest and the script, and watches both by the host's own counters.

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten";

import { SandboxFault } from "../errors.ts";
import type { Outcome } from "../call.ts";
import type { Answer, Program } from "../sandbox.ts";
import { readGuestFiles } from "./guest-files.ts";
import type { SandboxLimits } from "./limits.ts";
import { loadEngine } from "./load-engine.ts";
import { createWatch, type OnPart, type Texts, type Watch } from "./watch.ts";
import { wrapChild, wrapScript } from "./wrap.ts";

const JOBS_AT_ONCE = 1_000;
const PAGES_IN_MIB = 16;

/**
 * A script engine. Both methods move the script until it can go no further and throw `SandboxFault` when a limit
 * ends it; after that the machine is left to the garbage collector, never used again and never disposed, because an
 * engine that met a limit may abort on the way out.
 */
export interface Machine {
  start(program: Program): Texts;
  deliver(answer: Answer): Texts;
  /** The script returned or threw: nothing of it is of interest any more. */
  hasEnded(): boolean;
}

/**
 * Makes a fresh engine in a memory of its own. With `onPart`, of what a script sends in one stretch the first is handed
 * over while it goes on, and the methods return the rest.
 */
export async function openMachine(
  limits: SandboxLimits,
  onPart: OnPart | null = null,
  load: typeof loadEngine = loadEngine,
): Promise<Machine> {
  const watch = createWatch(limits, onPart);
  const exhausted = `The script used up its memory (${limits.memoryPages / PAGES_IN_MIB} MiB).`;
  const module = await load(limits.memoryPages, () => watch.stop("memory", exhausted));
  const runtime = module.newRuntime();
  runtime.setMaxStackSize(limits.stackBytes);
  runtime.setInterruptHandler(() => watch.interrupts());
  const context = runtime.newContext();
  const engine = { runtime, context, watch };
  watch.begin();
  return createMachine(engine, loadGuest(engine));
}

interface Engine {
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  watch: Watch;
}

function createMachine(engine: Engine, open: QuickJSHandle): Machine {
  const { context, watch } = engine;
  let running: { guest: QuickJSHandle; settle: QuickJSHandle; program: Program } | null = null;

  return {
    start: (program) =>
      stretch(engine, () => {
        const guest = openGuest(engine, open, program);
        running = { guest, settle: context.getProp(guest, "settle"), program };
        const { text } = wrapScript(program.source);
        evaluate(guest, { text, file: "script.js", move: "run", otherwise: "fail" });
      }),
    deliver: (answer) =>
      stretch(engine, () => {
        if (running === null) throw new Error("An answer was delivered before the script started.");
        const { guest, settle, program } = running;
        const source = callWith(engine, settle, answerHandles(context, answer));
        if (source === null) return;
        const { text } = wrapChild(source, program.functions);
        evaluate(guest, { text, file: "workflow.js", move: "launch", otherwise: "refuse" });
      }),
    hasEnded: () => watch.hasEnded(),
  };

  function evaluate(
    guest: QuickJSHandle,
    script: { text: string; file: string; move: string; otherwise: string },
  ): void {
    const made = context.evalCode(script.text, script.file, { type: "module" });
    if (made.error === undefined) {
      callGuest(engine, guest, [script.move, context.getProp(made.value, "default")]);
    } else {
      callGuest(engine, guest, [script.otherwise, made.error]);
    }
  }

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

// Before there is a script: what every script finds is read while the sandbox opens.
function loadGuest({ runtime, context }: Engine): QuickJSHandle {
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
  return context.getProp(context.unwrapResult(main), "openGuest");
}

function openGuest(
  { context, watch }: Engine,
  open: QuickJSHandle,
  program: Program,
): QuickJSHandle {
  const say = context.newFunction("say", (lines) => {
    for (const line of read(context, lines)?.split("\n") ?? [null]) watch.hear(line, "said");
  });
  const end = context.newFunction("end", (text) => watch.hear(read(context, text), "ended"));
  const note = context.newFunction("note", (text) => watch.hear(read(context, text), "noted"));
  const { source: _, ...rest } = program;
  const { firstLineShift } = wrapScript("");
  const childFirstLineShift = wrapChild("", program.functions).firstLineShift;
  const shifts = { firstLineShift, childFirstLineShift };
  const given = context.newString(JSON.stringify({ ...rest, ...shifts }));
  const ears = context.newObject();
  for (const [name, ear] of Object.entries({ say, note, end })) context.setProp(ears, name, ear);
  return context.unwrapResult(context.callFunction(open, context.undefined, ears, given));
}

function read(context: QuickJSContext, text: QuickJSHandle): string | null {
  return context.typeof(text) === "string" ? context.getString(text) : null;
}

function callGuest(
  engine: Engine,
  guest: QuickJSHandle,
  call: [name: string, argument: QuickJSHandle],
): void {
  const [name, argument] = call;
  const method = engine.context.getProp(guest, name);
  callWith(engine, method, [argument]);
  method.dispose();
}

/** Calls one of the guest's own functions; its answer is a text or nothing. */
function callWith(
  { context }: Engine,
  method: QuickJSHandle,
  values: readonly QuickJSHandle[],
): string | null {
  const answer = context.unwrapResult(context.callFunction(method, context.undefined, ...values));
  const text = read(context, answer);
  answer.dispose();
  for (const value of values) value.dispose();
  return text;
}

function answerHandles(context: QuickJSContext, { id, outcome, spent }: Answer): QuickJSHandle[] {
  const [form, body] = bodyOf(outcome);
  return [
    context.newNumber(id),
    context.newNumber(spent),
    context.newString(form),
    context.newString(body),
  ];
}

// A text goes in as it is, since the engine is slow at reading JSON. With a zero in it, it would be cut there.
function bodyOf(outcome: Outcome): [form: "text" | "json" | "error", body: string] {
  if (!outcome.ok) return ["error", JSON.stringify(outcome.error)];
  const { value } = outcome;
  const isPlain = typeof value === "string" && value.isWellFormed() && !value.includes("\0");
  return isPlain ? ["text", value] : ["json", JSON.stringify(value)];
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
