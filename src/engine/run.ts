// The run loop: the only writer of the journal, the only caller of the sandbox.
//
// R1  The script moves only after exactly one outcome was delivered to it.
// R2  An outcome is durable before it is delivered.
// R3  Outcomes are delivered in journal order, live and on replay alike.
// R4  Nothing new is performed before the whole history was delivered: a diverging script costs nothing.
// R5  A failure of ours ends the run from out here; the script has no chance to catch it.
// R6  The run stops early only when every open call is parked: nothing that was underway is lost.

import type { ScriptFunction, StepTable } from "./call.ts";
import { Cancelled, ScriptError } from "./errors.ts";
import type { Emit } from "./events.ts";
import type { Append, CallEnded, Entry } from "./journal.ts";
import type { Json, JsonObject } from "./json.ts";
import { createBatches, diverged, type Batches } from "./run/batches.ts";
import { Calls } from "./run/calls.ts";
import type { Delivery } from "./run/open-call.ts";
import { emitEnded, toEntry } from "./run/deliveries.ts";
import { createFailure, type Failure } from "./run/failure.ts";
import { createHistory, type History } from "./run/history.ts";
import { createWriter, type Writer } from "./run/writer.ts";
import type { Deed, OpenSandbox, Pumped, Sandbox } from "./sandbox.ts";

/** What one execution of one script needs. */
export interface RunOptions {
  source: string;
  args: Json | undefined;
  functions: readonly ScriptFunction[];
  constants: JsonObject;
  steps: StepTable;
  openSandbox: OpenSandbox;
  /** Entries of earlier processes, in order; empty for a new run. */
  history: readonly Entry[];
  /**
   * Asked of each call that `history` has an outcome of, in the order in which the script asks. On false it is performed
   * instead, when all else was delivered, and what hung on its outcome may stay unasked. Left out: every outcome holds.
   */
  admit?: (known: CallEnded) => boolean;
  /**
   * The journal of an earlier run, of a script that may be another one by now: what this script asks in the same words
   * gets the same answer, wherever it stands, and is not performed again. Unlike `history` it may hold what nobody asks.
   * Whoever gives it leaves out what does not hold any more.
   */
  reuse?: readonly Entry[];
  append: Append;
  emit: Emit;
  /** Milliseconds since 1970, for the entries' times. */
  now: () => number;
  /** Resolves after `ms` milliseconds; rejects when aborted. For the script's timers. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The text behind `workflow(nameOrRef)`, checked; a `StepFailed` when there is none is the script's to catch. */
  findWorkflow: FindWorkflow;
  limits: {
    /** Agents per run; the next one throws in the script. */
    agents: number;
    /** Output tokens per run, or null for none. */
    outputTokens: number | null;
  };
  signal: AbortSignal;
}

/** Finds another script by its name, or by its path in the repository. */
export type FindWorkflow = (
  wanted: { name: string } | { scriptPath: string },
) => Promise<{ name: string; source: string }>;

/** The script returned. A throw of the script is a `ScriptError`, a fault a `SandboxFault`, both thrown. */
export interface RunResult {
  value: Json;
}

export type RunScript = (options: RunOptions) => Promise<RunResult>;

// How long calls that nobody waits for any more may take to notice it.
const GRACE_MS = 10_000;

interface Loop {
  options: RunOptions;
  sandbox: Sandbox;
  history: History;
  calls: Calls;
  batches: Batches;
  failure: Failure;
}

/**
 * Runs a script to its end, replaying what `history` holds. Throws `ScriptError` when the script threw, `SandboxFault`
 * when it hit a border, `Diverged` when the journal is not its own, `Cancelled` when `signal` is aborted, `Suspended` or
 * `Stopped` when nothing moves any more, and whatever `append` or a step's work rejected with. In every case the sandbox is closed and no call is underway afterwards.
 */
export const runScript: RunScript = async (options) => {
  if (options.signal.aborted) throw cancelled(options.signal);
  const ended = new AbortController();
  const failure = createFailure();
  const onAbort = () => failure.report(cancelled(options.signal));
  options.signal.addEventListener("abort", onAbort, { once: true });

  const history = createHistory(options.history);
  const writer = createWriter(options.append, failure.report);
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const calls = new Calls({ run: options, history, writer, signal, onFailure: failure.report });
  const batches = createBatches({ options, history, calls, writer, failure });
  const idle = () => Promise.all([calls.idle(), batches.idle()]);
  try {
    await using sandbox = await options.openSandbox();
    const last = await runLoop({ options, sandbox, history, calls, batches, failure });
    ended.abort(new Cancelled("The script has returned and does not wait for this call."));
    await inGrace(options, idle());
    await keepPaid({ calls, writer, options });
    return readEnd(last);
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    ended.abort(new Cancelled("The run has ended."));
    await inGrace(options, idle());
  }
};

async function inGrace({ sleep }: RunOptions, idle: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const grace = sleep(GRACE_MS, over.signal).catch(() => undefined);
  await Promise.race([idle, grace]);
  over.abort();
}

async function runLoop(loop: Loop): Promise<Pumped["state"]> {
  const { options, sandbox, calls, history, batches } = loop;
  const { source, functions, args, constants } = options;
  const program = { source, functions, args, constants };
  const budgetTotal = options.limits.outputTokens;
  const started = sandbox.start({ ...program, budgetTotal }, (did) => takePart(loop, did));
  let pumped = await loop.failure.or(started);
  takeRest(loop, pumped.did);
  while (pumped.state.kind === "waiting") {
    const deliveries = await batches.next();
    const close = closer(calls, deliveries);
    const hear = (next: Pumped): void => {
      pumped = next;
      close({ isWhole: true });
      takeRest(loop, pumped.did);
    };
    const delivered = sandbox.deliver(calls.answers(deliveries), hear, (did) => {
      close({ isWhole: false });
      takePart(loop, did);
    });
    batches.prepare();
    await loop.failure.or(delivered);
  }
  for (const entry of history.remaining()) {
    const isOpen = calls.isOpen(entry.key);
    if (!isOpen && history.isWhole()) throw diverged(entry);
    if (isOpen) emitEnded(options.emit, { entry, replayed: true });
  }
  return pumped.state;
}

// A script that asks for much in one go need not come to rest before the first of it is begun.
function takePart(loop: Loop, did: readonly Deed[]): void {
  takeRest(loop, did);
  loop.batches.prepare();
}

function takeRest(loop: Loop, did: readonly Deed[]): void {
  register(loop, did);
  if (loop.batches.isLive()) loop.calls.release();
}

/** Closes each delivered call once, before anything is registered that the script did after it. */
function closer(calls: Calls, deliveries: readonly Delivery[]) {
  let closed = 0;
  let isMidway = false;
  return ({ isWhole }: { isWhole: boolean }): void => {
    const delivery = isMidway ? undefined : deliveries[closed++];
    if (delivery !== undefined) calls.close(delivery);
    isMidway = !isWhole;
  };
}

function register({ options, calls }: Loop, did: readonly Deed[]): void {
  for (const deed of did) {
    switch (deed.kind) {
      case "asked":
        calls.register(deed.call);
        break;
      case "phase":
        options.emit({ kind: "phase-started", title: deed.title });
        break;
      case "dropped":
        calls.drop(deed.id);
        break;
      case "log":
        options.emit({ kind: "logged", message: deed.message });
    }
  }
}

// Work that ended although nobody waits for it was still paid for: its usage belongs in the journal.
async function keepPaid({
  calls,
  writer,
  options,
}: Pick<Loop, "calls" | "options"> & { writer: Writer }) {
  const entries: CallEnded[] = [];
  for (const { open, settlement } of calls.takeArrived(Infinity)) {
    if (typeof settlement === "function" || open.step.replay === "recomputed") continue;
    entries.push(toEntry({ open, performed: settlement }, options.now()));
  }
  if (entries.length === 0) return;
  await writer.commit(entries);
  for (const entry of entries) emitEnded(options.emit, { entry, replayed: false });
}

function readEnd(state: Pumped["state"]): RunResult {
  if (state.kind === "returned") return { value: state.value };
  if (state.kind === "threw") {
    throw new ScriptError(`${state.name}: ${state.message}`, state.at, state.frames);
  }
  throw new Error("The loop ended while the script was waiting.");
}

function cancelled(signal: AbortSignal): Cancelled {
  return new Cancelled("The run was cancelled.", { cause: signal.reason });
}
