// The calls a script has asked and not yet been answered: names them, performs them, collects what they come to.

import type { Call, CallContext, Performed, StepTable } from "../call.ts";
import { Cancelled, SandboxFault, StepFailed, Stopped, Suspended } from "../errors.ts";
import type { CallEnded } from "../journal.ts";
import type { RunOptions } from "../run.ts";
import type { Answer, Asked } from "../sandbox.ts";
import { createCeilings } from "./ceilings.ts";
import type { History } from "./history.ts";
import { createKeys } from "./keys.ts";
import type { Arrived, Delivery, OpenCall } from "./open-call.ts";
import { ownSteps } from "./own-steps.ts";
import { untilAborted } from "./until-aborted.ts";
import { createReusable, type Reusable } from "./reusable.ts";
import type { Writer } from "./writer.ts";

const MOST_CALLS = 100_000;

interface CallsOptions {
  run: RunOptions;
  history: History;
  writer: Writer;
  /** Aborted when the run ends for any reason. */
  signal: AbortSignal;
  /** Hears of work that rejected: a failure of ours, never the script's to catch. */
  onFailure: (error: unknown) => void;
}

/** Every call of one evaluation of the script. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #nameCall = createKeys();
  readonly #ceilings: ReturnType<typeof createCeilings>;
  readonly #open = new Map<string, OpenCall>();
  readonly #working = new Set<Promise<void>>();
  readonly #steps: StepTable;
  readonly #reusable: Reusable;
  /** Ends the work of calls that the script may take back. */
  readonly #droppable = new Map<number, { open: OpenCall; stop: AbortController }>();
  #held: OpenCall[] = [];
  #arrived: Arrived[] = [];
  /** Keys of open calls whose work waits for the outside, or never goes on. */
  readonly #parked = new Set<string>();
  #stopped: Stopped | null = null;
  #wake = Promise.withResolvers<void>();
  #count = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#ceilings = createCeilings(options.run.limits);
    this.#reusable = createReusable(options.run);
    this.#steps = { ...options.run.steps, ...ownSteps(options.run) };
  }

  /** Takes a new call in. Nothing is performed before `release`. */
  register(asked: Asked): void {
    const { run } = this.#options;
    const open = this.#nameOpen(asked);
    const { call, step } = open;
    const recorded = this.#recorded(call.key);
    const agents = step.agents(call.input);
    this.#open.set(call.key, open);
    if (call.step === "timer") {
      this.#droppable.set(open.id, { open, stop: new AbortController() });
    }
    const reused = recorded === null ? this.#reusable.find(open) : null;
    const replayed = recorded !== null || reused !== null;
    run.emit({ kind: "call-started", ...shown(call), replayed });
    const all = agents + ((recorded ?? reused)?.moreAgents ?? 0);
    if (recorded !== null) return this.#ceilings.count(all, recorded.outcome);
    if (reused !== null) {
      this.#ceilings.count(all, reused.outcome);
      return this.#arrive({ open, settlement: reused, reused: true });
    }
    const refusal = this.#ceilings.admit(agents);
    if (refusal === null) this.#held.push(open);
    else this.#arrive({ open, settlement: { outcome: refusal } });
  }

  /** Performs everything registered so far, in the order asked; called when the history is used up. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const open of held) if (this.isOpen(open.call.key)) this.#perform(open);
  }

  /** The script takes a call back: it is not delivered, and nothing of it is recorded from now on. */
  drop(id: number): void {
    const dropped = this.#droppable.get(id);
    if (dropped === undefined) throw new SandboxFault("crash", `Call ${id} cannot be taken back.`);
    const { key } = dropped.open.call;
    this.#open.delete(key);
    this.#droppable.delete(id);
    this.#options.history.drop(key);
    dropped.stop.abort(new Cancelled("The script took this call back."));
  }

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  /** The call of a recorded outcome, which is open by then. */
  opened(entry: CallEnded): OpenCall {
    const open = this.#open.get(entry.key);
    if (open === undefined) throw new Error(`The call ${entry.key} is not open.`);
    return open;
  }

  /** The script has heard of this call. */
  close({ open, performed }: Delivery): void {
    this.#open.delete(open.call.key);
    this.#droppable.delete(open.id);
    this.#ceilings.spend(outputTokens(performed));
  }

  /** The answers to calls that are delivered one behind the other, each with what is spent by then. */
  answers(deliveries: readonly Delivery[]): readonly Answer[] {
    let spent = this.#ceilings.spent();
    return deliveries.map(({ open, performed }) => {
      spent += outputTokens(performed);
      return { id: open.id, outcome: performed.outcome, spent };
    });
  }

  /** Why the run stops here: every open call is parked. Null while something still moves. */
  stalled(): Stopped | Suspended | null {
    if (this.#parked.size < this.#open.size) return null;
    return (
      this.#stopped ?? new Suspended("Every call that is still open waits for something outside.")
    );
  }

  /** Of what has arrived so many, in order of arrival. Waits for the first, or for a call to be parked. */
  async arrivals(most: number): Promise<readonly Arrived[]> {
    await this.#wake.promise;
    return this.takeArrived(most);
  }

  takeArrived(most: number): readonly Arrived[] {
    const arrived = this.#arrived.slice(0, most);
    this.#arrived = this.#arrived.slice(most);
    this.#wake = Promise.withResolvers();
    if (this.#arrived.length > 0) this.#wake.resolve();
    return arrived.filter(({ open }) => this.isOpen(open.call.key));
  }

  /** Resolves when no work is underway any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#working);
  }

  /** What it came to then, as far as that holds. */
  #recorded(key: string): CallEnded | null {
    const { run, history } = this.#options;
    const known = history.outcomeOf(key);
    if (known === undefined) return null;
    if (run.admit?.(known) !== false) return known;
    history.refuse(key);
    return null;
  }

  #nameOpen(asked: Asked): OpenCall {
    this.#count += 1;
    if (this.#count > MOST_CALLS) {
      throw new SandboxFault("size", `The script made more than ${MOST_CALLS} calls.`);
    }
    const { id, step: name, input, label, phase } = asked;
    const step = Object.hasOwn(this.#steps, name) ? this.#steps[name] : undefined;
    if (step === undefined) {
      throw new SandboxFault("crash", `The sandbox asked for a step there is not: ${name}.`);
    }
    const key = this.#nameCall(name, step.identity(input));
    return { id, call: { key, step: name, input, label, phase }, step };
  }

  #perform(open: OpenCall): void {
    const { history, writer, run } = this.#options;
    const { call, step } = open;
    const known = history.startedAt(call.key);
    const startedAt = known ?? run.now();
    if (step.replay === "recorded" && known === undefined) {
      writer.add({ v: 1, kind: "call-started", ...shown(call), at: startedAt });
    }
    const work = this.#work(open, startedAt);
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  async #work(open: OpenCall, startedAt: number): Promise<void> {
    const stop = this.#droppable.get(open.id)?.stop.signal;
    const ended = this.#options.signal;
    const signal = stop === undefined ? ended : AbortSignal.any([ended, stop]);
    try {
      const context: CallContext = {
        signal,
        startedAt,
        parked: (waiting) => this.#whileParked(open.call.key, waiting),
        claim: (agents) => this.#ceilings.admit(agents) === null,
      };
      const settlement = await catchable(() => open.step.perform(open.call, context));
      this.#arrive({ open, settlement });
    } catch (error) {
      if (stop?.aborted === true) return;
      if (!(error instanceof Stopped)) return this.#options.onFailure(error);
      this.#stopped ??= error;
      this.#park(open.call.key);
    }
  }

  async #whileParked<Value>(key: string, waiting: Promise<Value>): Promise<Value> {
    this.#park(key);
    try {
      return await untilAborted(waiting, this.#options.signal);
    } finally {
      this.#parked.delete(key);
    }
  }

  #park(key: string): void {
    this.#parked.add(key);
    this.#wake.resolve();
  }

  #arrive(arrived: Arrived): void {
    this.#arrived.push(arrived);
    this.#wake.resolve();
  }
}

function shown({ key, step, label, phase }: Call) {
  return { key, step, label, phase };
}

/** What the script may catch becomes an outcome; every other error stays one of ours. */
export async function catchable<Value>(work: () => Promise<Value>): Promise<Value | Performed> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return { outcome: { ok: false, error: { name: error.name, message: error.message } } };
  }
}

function outputTokens({ usage }: Performed): number {
  return usage?.outputTokens ?? 0;
}
