// One model of the provider: who goes next, how many at once, and when nobody goes.

import type { ModelError, ProviderLimits, Usage } from "../agent/model.ts";
import { Bucket } from "./bucket.ts";
import { Ceiling } from "./ceiling.ts";
import type { Estimate } from "./estimate.ts";
import { type Caller, FairQueue } from "./fair-queue.ts";
import { remedyFor, type Remedy } from "./trouble.ts";

export interface GateClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A turn on its way; the same object for all of its tries. */
export interface Ticket {
  caller: Caller;
  age: number;
  estimate: Estimate;
  broken: number;
  /** Told while it waits, each time the reason changes. */
  onWait: (wait: Cool | null) => void;
}

/** Why and until when nobody goes. */
export interface Cool {
  message: string | null;
  until: number;
}

/** Trouble that lasts longer than this is no wait any more: whoever meets it then is told. */
const TROUBLE_MS_MAX = 24 * 60 * 60_000;

interface Waiting {
  ticket: Ticket;
  go: () => void;
}

export class Lane {
  readonly #clock: GateClock;
  readonly #random: () => number;
  readonly #queue = new FairQueue<Waiting>();
  readonly #ceiling = new Ceiling();
  readonly #requests = new Bucket();
  readonly #input = new Bucket();
  readonly #output = new Bucket();
  /** Those whose limits the provider has not stated in its answer yet. */
  readonly #unanswered = new Set<Ticket>();
  #inFlight = 0;
  #cool: Cool | null = null;
  /** After a refusal one goes alone; `due` until somebody does. */
  #probe: Ticket | "due" | null = null;
  #refusals = 0;
  #troubleSince: number | null = null;
  #alarm = new AbortController();

  constructor(clock: GateClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  nextAge(): number {
    return this.#queue.nextAge();
  }

  /** Resolves when the turn may be sent; then exactly one of `succeeded`, `failed` and `dropped` must follow. */
  async admit(ticket: Ticket, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { ticket, go: resolve };
    const onAbort = (): void => {
      if (!this.#queue.remove(waiting)) return;
      reject(signal.reason);
      this.#pump();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#queue.add(ticket.caller, waiting, ticket.age);
    ticket.onWait(this.#cool);
    this.#pump();
    await promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** What the provider states with an answer or a refusal. */
  heard(ticket: Ticket, limits: ProviderLimits): void {
    this.#answered(ticket);
    const now = this.#clock.now();
    if (limits.requests !== null) this.#requests.sync(limits.requests, now);
    if (limits.inputTokens !== null) this.#input.sync(limits.inputTokens, now);
    if (limits.outputTokens !== null) this.#output.sync(limits.outputTokens, now);
  }

  /** The answer streams: the line is open. */
  streaming(ticket: Ticket): void {
    this.#answered(ticket);
    this.#open(ticket);
    this.#pump();
  }

  succeeded(ticket: Ticket, used: Usage): void {
    this.#answered(ticket);
    this.#settle(ticket, used);
    this.#ceiling.succeeded(this.#inFlight);
    this.#open(ticket);
    this.#leave();
  }

  /** Says what is to be done about it; a line that cools has taken note. */
  failed(ticket: Ticket, error: ModelError): Remedy {
    this.#answered(ticket);
    const now = this.#clock.now();
    ticket.broken += 1;
    const isNews = this.#cool === null;
    const refusals = this.#refusals + (isNews ? 1 : 0);
    const remedy = remedyFor(error, { refusals, broken: ticket.broken }, this.#random);
    if (remedy.kind === "cool") {
      this.#refused(remedy, { now, refusals });
      this.#giveBack(ticket);
    } else this.#settle(ticket, error.usage);
    if (this.#probe === ticket) this.#probe = remedy.kind === "cool" ? "due" : null;
    this.#leave();
    const isHopeless = this.#troubleSince !== null && now - this.#troubleSince > TROUBLE_MS_MAX;
    return remedy.kind === "cool" && isHopeless ? { kind: "give-up" } : remedy;
  }

  /** It was aborted while it was with the provider. */
  dropped(ticket: Ticket): void {
    this.#answered(ticket);
    if (this.#probe === ticket) this.#probe = "due";
    this.#leave();
  }

  #refused(
    { ms, message }: { ms: number; message: string | null },
    { now, refusals }: { now: number; refusals: number },
  ): void {
    this.#refusals = refusals;
    this.#troubleSince ??= now;
    this.#ceiling.refused(now);
    const until = Math.max(now + ms, this.#cool?.until ?? 0);
    this.#cool = { message, until };
    this.#probe ??= "due";
    for (const { ticket } of this.#queue.items()) ticket.onWait(this.#cool);
  }

  #open(ticket: Ticket): void {
    // A turn that was sent before the refusal says nothing about what comes after it.
    if (this.#cool !== null || (this.#probe !== null && this.#probe !== ticket)) return;
    this.#probe = null;
    this.#refusals = 0;
    this.#troubleSince = null;
  }

  #pump(): void {
    this.#alarm.abort();
    for (let first = this.#queue.peek(); first !== null; first = this.#queue.peek()) {
      const waitMs = this.#waitMs(first.ticket);
      if (waitMs === null) return;
      if (waitMs > 0) return this.#wakeIn(waitMs);
      this.#queue.take();
      this.#send(first);
    }
  }

  /** Milliseconds until the next may go; null until one in flight has come back. */
  #waitMs({ estimate }: Ticket): number | null {
    const now = this.#clock.now();
    if (this.#cool !== null) {
      if (this.#cool.until > now) return this.#cool.until - now;
      this.#cool = null;
      for (const { ticket } of this.#queue.items()) ticket.onWait(null);
    }
    if (this.#inFlight >= this.#ceiling.value) return null;
    if (this.#probe !== null && this.#probe !== "due") return null;
    return Math.max(
      this.#requests.waitMs(1, now),
      this.#input.waitMs(estimate.inputTokens, now),
      this.#output.waitMs(estimate.outputTokens, now),
    );
  }

  #send({ ticket, go }: Waiting): void {
    const now = this.#clock.now();
    this.#requests.take(1, now);
    this.#input.take(ticket.estimate.inputTokens, now);
    this.#output.take(ticket.estimate.outputTokens, now);
    this.#unanswered.add(ticket);
    this.#inFlight += 1;
    if (this.#probe === "due") this.#probe = ticket;
    go();
  }

  #wakeIn(ms: number): void {
    const alarm = new AbortController();
    this.#alarm = alarm;
    this.#clock.sleep(ms, alarm.signal).then(
      () => this.#pump(),
      () => undefined,
    );
  }

  #answered(ticket: Ticket): void {
    if (!this.#unanswered.delete(ticket)) return;
    this.#requests.seen(1);
    this.#input.seen(ticket.estimate.inputTokens);
    this.#output.seen(ticket.estimate.outputTokens);
  }

  #settle({ estimate }: Ticket, used: Usage | null): void {
    if (used === null) return;
    // Cache writes count, reads do not.
    this.#input.correct(used.inputTokens + used.cacheWriteTokens - estimate.inputTokens);
    this.#output.correct(used.outputTokens - estimate.outputTokens);
  }

  #giveBack({ estimate }: Ticket): void {
    this.#requests.correct(-1);
    this.#input.correct(-estimate.inputTokens);
    this.#output.correct(-estimate.outputTokens);
  }

  #leave(): void {
    this.#inFlight -= 1;
    this.#pump();
  }
}
