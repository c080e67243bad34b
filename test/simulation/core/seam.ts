// The border between a process and everything outside of it: here operations take time, fail, are lost, or are the last.

import { ModelError } from "../../../src/agent/model.ts";
import { attemptMs } from "../../../src/outside/github/limits.ts";
import { ForgeError } from "../../../src/world/forge-error.ts";
import { RemoteError } from "../../../src/repo/remote.ts";
import { draw, drawInt } from "./draw.ts";
import {
  CREATES,
  type Fault,
  inThousandths,
  type OperationKind,
  possible,
  type Weather,
} from "./fault.ts";
import type { Owner, Timeline } from "./timeline.ts";

/** Faults by the operation they meet, e.g. `p1 forge.createComment #2`. */
export type Plan = ReadonlyMap<string, Fault>;

export interface Operation {
  kind: OperationKind;
  name: string;
  /** What it was given. */
  given?: readonly unknown[];
}

export interface SeamOptions {
  timeline: Timeline;
  seed: number;
  /** What was drawn, or is given: the same plan plays the same world. */
  faults: { plan: Plan } | { weather: Weather; until: number };
  /** Told of every operation when it happened, and of every fault. */
  trace: (line: string) => void;
  /** Told after every operation that happened. */
  onOperation: (operation: Operation, process: Process) => void;
  /** GitHub as it was some time ago, for as long as `work` looks at it. */
  past: <T>(asked: { name: string; ms: number }, work: () => Promise<T>) => Promise<T>;
}

/** A process of the bot, or GitHub's own that sends webhooks. */
export interface Process extends Owner {
  readonly name: string;
  alive: boolean;
  frozenUntil: number;
  /** Told when it dies. */
  onDeath: () => void;
  /** Told when somebody stops it. */
  onTerm: () => void;
  /** Told when the bot is started on another machine beside it. */
  onSecond: () => void;
}

export class Seam {
  /** Faults that happened, as a plan. */
  readonly happened = new Map<string, Fault>();
  operations = 0;
  private blockedUntil = 0;
  private readonly counts = new Map<string, number>();
  private readonly options: SeamOptions;

  constructor(options: SeamOptions) {
    this.options = options;
  }

  /** Performs `work` for a process as the outside would: later, and perhaps not at all. Dead processes wait for ever. */
  async perform<T>(process: Process, operation: Operation, work: () => T | Promise<T>): Promise<T> {
    const { kind, name } = operation;
    const key = this.keyOf(`${process.name} ${kind}.${name}`);
    const fault = this.faultOf(operation, key);
    if (fault !== null) this.befall(process, key, fault);
    const most = LATENCY_MS[kind];
    const begunAt = this.options.timeline.now;
    await this.pass(process, { key: `${key} there`, most, lateMs: lateness(fault) });
    this.operations += 1;
    if (fault?.kind === "crash-before") return this.kill(process);
    const refusal =
      refusalOf(kind, fault) ?? this.timeoutOf(kind, begunAt) ?? this.blockOf(operation);
    if (refusal !== null) throw refusal;
    const result = await this.happen({ fault, name }, work);
    this.options.trace(`${this.options.timeline.now} ${key}`);
    this.options.onOperation(operation, process);
    if (fault?.kind === "crash-after") return this.kill(process);
    await this.pass(process, { key: `${key} back`, most, lateMs: 0 });
    if (fault?.kind === "lost") throw unanswered(kind);
    return result;
  }

  /**
   * What a process does within itself, in no time: it can be the last that it does, or be done again. Nothing but the fault
   * itself moves anything else in the world.
   */
  within<T>(
    process: Process,
    operation: Operation,
    { work, again }: { work: () => Promise<T>; again: () => void },
  ): Promise<T> {
    if (!process.alive) return new Promise<never>(() => {});
    const { timeline, trace, onOperation } = this.options;
    const key = this.keyOf(`${process.name} ${operation.kind}.${operation.name}`);
    const fault = this.faultOf(operation, key);
    if (fault !== null) this.befall(process, key, fault);
    this.operations += 1;
    if (fault?.kind === "crash-before") return this.kill(process);
    if (fault?.kind === "twice") timeline.after(fault.ms, process, again);
    const result = work();
    trace(`${timeline.now} ${key}`);
    onOperation(operation, process);
    return fault?.kind === "crash-after" ? this.kill(process) : result;
  }

  /** The whole process stands still: what it waits for comes when it goes on. */
  freeze(process: Process, ms: number): void {
    process.frozenUntil = Math.max(process.frozenUntil, this.options.timeline.now + ms);
  }

  /** Ends a process: nothing that it waits for ever comes. */
  kill(process: Process): Promise<never> {
    if (process.alive) {
      process.alive = false;
      this.options.trace(`${this.options.timeline.now} ${process.name} dies`);
      process.onDeath();
    }
    return new Promise<never>(() => {});
  }

  private befall(process: Process, key: string, fault: Fault): void {
    const { timeline, trace } = this.options;
    this.happened.set(key, fault);
    trace(`${timeline.now} ${key}: ${JSON.stringify(fault)}`);
    if (fault.kind === "second" && process.alive) process.onSecond();
    if (fault.kind === "second" || fault.kind === "pause") this.freeze(process, fault.ms);
    if (fault.kind === "term" && process.alive) process.onTerm();
    if (fault.kind === "blocked") this.blockedUntil = timeline.now + fault.ms;
  }

  private async happen<T>(
    { fault, name }: { fault: Fault | null; name: string },
    work: () => T | Promise<T>,
  ): Promise<T> {
    if (fault?.kind === "stale")
      return await this.options.past({ name, ms: fault.ms }, async () => work());
    if (fault?.kind === "twice") {
      const again = (): void => void work();
      this.options.timeline.after(fault.ms, null, again);
    }
    return await work();
  }

  private blockOf({ name }: Operation): Error | null {
    const retryAfterMs = this.blockedUntil - this.options.timeline.now;
    if (retryAfterMs <= 0 || !CREATES.test(name)) return null;
    return new ForgeError("limited", "GitHub lets nobody create anything.", { retryAfterMs });
  }

  /** A request that was held up by a process that stood still is given up before it leaves. */
  private timeoutOf(kind: OperationKind, begunAt: number): Error | null {
    const isLate = this.options.timeline.now - begunAt > attemptMs;
    return kind === "forge" && isLate ? unanswered(kind) : null;
  }

  private keyOf(operation: string): string {
    const count = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, count);
    return `${operation} #${count}`;
  }

  private pass(
    process: Process,
    { key, most, lateMs }: { key: string; most: number; lateMs: number },
  ): Promise<void> {
    const { timeline, seed } = this.options;
    if (!process.alive) return new Promise<never>(() => {});
    const { promise, resolve } = Promise.withResolvers<void>();
    timeline.after(lateMs + drawInt(seed, `${key} latency`, [1, most]), process, resolve);
    return promise;
  }

  private faultOf(operation: Operation, key: string): Fault | null {
    const { faults, seed, timeline } = this.options;
    if ("plan" in faults) return faults.plan.get(key) ?? null;
    if (timeline.now >= faults.until) return null;
    const chance = draw(seed, key);
    let sum = 0;
    for (const [name, fault] of possible(operation, inThousandths(seed, key))) {
      sum += faults.weather[name];
      if (chance < sum) return fault;
    }
    return null;
  }
}

/** The longest that one way takes, in milliseconds. */
const LATENCY_MS: Record<OperationKind, number> = {
  forge: 400,
  git: 2_000,
  model: 20_000,
  disk: 2,
  inbox: 2,
  sandbox: 5,
  webhook: 3_000,
  queue: 0,
};

const lateness = (fault: Fault | null): number => (fault?.kind === "late" ? fault.ms : 0);

/** What the process hears of an operation that did not happen. */
function refusalOf(kind: OperationKind, fault: Fault | null): Error | null {
  switch (fault?.kind) {
    case "fails":
    case "dropped":
      return unanswered(kind);
    case "full":
      return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    case "limited":
    case "blocked":
      return new ForgeError("limited", "GitHub wants fewer requests.", { retryAfterMs: fault.ms });
    case "forbidden":
      return new ForgeError(
        "forbidden",
        "GitHub answers 403: Resource not accessible by integration.",
      );
    case "provider":
      return new ModelError(fault.says, `The provider says: ${fault.says}.`);
    case undefined:
    case "crash-before":
    case "crash-after":
    case "late":
    case "lost":
    case "pause":
    case "second":
    case "stale":
    case "term":
    case "twice":
      return null;
  }
}

const unanswered = (kind: OperationKind): Error =>
  kind === "git"
    ? new RemoteError("The remote hung up.", { transient: true })
    : new ForgeError("unreachable", "GitHub did not answer.");
