// The border between a process and everything outside of it: here operations take time, fail, are lost, or are the last.

import { ForgeError } from "../../../src/world/forge.ts";
import { RemoteError } from "../../../src/repo/remote.ts";
import { draw, drawInt } from "./draw.ts";
import type { Owner, Timeline } from "./timeline.ts";

/** What can go wrong with one operation. */
export type Fault =
  /** The process dies; the operation did not happen. */
  | { kind: "crash-before" }
  /** The operation happened, and the process dies before it hears of it. */
  | { kind: "crash-after" }
  /** It did not happen, and the process hears that. */
  | { kind: "fails" }
  /** It happened, and the process hears that it failed. */
  | { kind: "lost" }
  /** GitHub wants fewer requests for a while. */
  | { kind: "limited"; ms: number }
  /** The process stands still, with the operation decided and not sent. */
  | { kind: "pause"; ms: number }
  /** The disk is full. */
  | { kind: "full" };

const KINDS = ["crash-before", "crash-after", "fails", "lost", "limited", "pause", "full"];

/** Of a stored plan. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  typeof value.kind === "string" &&
  KINDS.includes(value.kind);

/** Faults by the operation they meet, e.g. `p1 forge.createComment #2`. */
export type Plan = ReadonlyMap<string, Fault>;

/** How often things go wrong; each from 0 to 1, of all operations. */
export interface Weather {
  crash: number;
  fails: number;
  lost: number;
  limited: number;
  pause: number;
  full: number;
}

export interface Operation {
  kind: OperationKind;
  name: string;
}

export type OperationKind = "forge" | "git" | "model" | "disk" | "inbox" | "sandbox";

export interface SeamOptions {
  timeline: Timeline;
  seed: number;
  /** What was drawn, or is given: the same plan plays the same world. */
  faults: { plan: Plan } | { weather: Weather; until: number };
  /** Told of every operation when it happened, and of every fault. */
  trace: (line: string) => void;
  /** Told after every operation that happened. */
  onOperation: (operation: Operation) => void;
}

/** A process of the bot. */
export interface Process extends Owner {
  readonly name: string;
  alive: boolean;
  frozenUntil: number;
  /** Told when it dies. */
  onDeath: () => void;
}

export class Seam {
  /** Faults that happened, as a plan. */
  readonly happened = new Map<string, Fault>();
  operations = 0;
  private readonly counts = new Map<string, number>();
  private readonly options: SeamOptions;

  constructor(options: SeamOptions) {
    this.options = options;
  }

  /** Performs `work` for a process as the outside would: later, and perhaps not at all. Dead processes wait for ever. */
  async perform<T>(
    process: Process,
    { kind, name }: Operation,
    work: () => T | Promise<T>,
  ): Promise<T> {
    const key = this.keyOf(`${process.name} ${kind}.${name}`);
    const fault = this.faultOf(kind, key);
    if (fault !== null) this.note(key, fault);
    if (fault?.kind === "pause") this.freeze(process, fault.ms);
    await this.pass(process, { key: `${key} there`, most: LATENCY_MS[kind] });
    this.operations += 1;
    if (fault?.kind === "crash-before") return this.kill(process);
    const refusal = refusalOf(kind, fault);
    if (refusal !== null) throw refusal;
    const result = await work();
    this.options.trace(`${this.options.timeline.now} ${key}`);
    this.options.onOperation({ kind, name });
    if (fault?.kind === "crash-after") return this.kill(process);
    await this.pass(process, { key: `${key} back`, most: LATENCY_MS[kind] });
    if (fault?.kind === "lost") throw unanswered(kind);
    return result;
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

  private keyOf(operation: string): string {
    const count = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, count);
    return `${operation} #${count}`;
  }

  private note(key: string, fault: Fault): void {
    this.happened.set(key, fault);
    this.options.trace(`${this.options.timeline.now} ${key}: ${JSON.stringify(fault)}`);
  }

  private pass(process: Process, { key, most }: { key: string; most: number }): Promise<void> {
    const { timeline, seed } = this.options;
    if (!process.alive) return new Promise<never>(() => {});
    const { promise, resolve } = Promise.withResolvers<void>();
    timeline.after(drawInt(seed, `${key} latency`, [1, most]), process, resolve);
    return promise;
  }

  private faultOf(kind: OperationKind, key: string): Fault | null {
    const { faults, seed, timeline } = this.options;
    if ("plan" in faults) return faults.plan.get(key) ?? null;
    if (timeline.now >= faults.until) return null;
    const { weather } = faults;
    const chance = draw(seed, key);
    let sum = 0;
    for (const [name, fault] of possible(kind, (what) =>
      drawInt(seed, `${key} ${what}`, [0, 999]),
    )) {
      sum += weather[name];
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
};

function possible(kind: OperationKind, number: (what: string) => number): [keyof Weather, Fault][] {
  const crash: Fault = number("side") < 500 ? { kind: "crash-before" } : { kind: "crash-after" };
  const pause: Fault = { kind: "pause", ms: 1_000 + number("pause") * 120 };
  const always: [keyof Weather, Fault][] = [
    ["crash", crash],
    ["pause", pause],
  ];
  if (kind === "sandbox") return [];
  if (kind === "disk" || kind === "inbox") return [...always, ["full", { kind: "full" }]];
  const remote: [keyof Weather, Fault][] = [
    ["fails", { kind: "fails" }],
    ["lost", { kind: "lost" }],
  ];
  if (kind !== "forge") return [...always, ...remote];
  return [...always, ...remote, ["limited", { kind: "limited", ms: 1_000 + number("wait") * 60 }]];
}

/** What the process hears of an operation that did not happen. */
function refusalOf(kind: OperationKind, fault: Fault | null): Error | null {
  if (fault?.kind === "fails") return unanswered(kind);
  if (fault?.kind === "full")
    return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  if (fault?.kind !== "limited") return null;
  const { ms: retryAfterMs } = fault;
  return new ForgeError("limited", "GitHub wants fewer requests.", { retryAfterMs });
}

const unanswered = (kind: OperationKind): Error =>
  kind === "git"
    ? new RemoteError("The remote hung up.", { transient: true })
    : new ForgeError("unreachable", "GitHub did not answer.");
