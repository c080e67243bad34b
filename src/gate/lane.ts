// One model of the provider: who goes next, how many at once, and when nobody goes.

import { ModelError, type ProviderLimits, type Usage } from "../agent/model.ts";
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
  refuse: (error: ModelError) => void;
}

/** An account that serves nobody until its owner does something, or a time comes. */
interface Hold {
  error: ModelError;
  until: number;
}

/** The same error for somebody else, with the time that is left until the provider is asked again. */
export function heldFor({ kind, message, cause }: ModelError, retryAfterMs: number): ModelError {
  return new ModelError(kind, message, { cause, retryAfterMs });
}

/** It was never sent: the account is held. */
export class HeldUp extends Error {
  override readonly name = "HeldUp";
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message, { cause: error });
    this.error = error;
  }
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
  /** Those whose answer has not begun. */
  readonly #silent = new Set<Ticket>();
  #inFlight = 0;
  #cool: Cool | null = null;
  #hold: Hold | null = null;
  #holds = 0;
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

  /**
   * Resolves when the turn may be sent; then exactly one of `succeeded`, `failed` and `dropped` must follow. Rejects with
   * `HeldUp` while the account is held.
   */
  async admit(ticket: Ticket, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const leftMs = (this.#hold?.until ?? 0) - this.#clock.now();
    if (this.#hold !== null && leftMs > 0) throw new HeldUp(heldFor(this.#hold.error, leftMs));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = (error: ModelError): void => reject(new HeldUp(error));
    const waiting: Waiting = { ticket, go: resolve, refuse };
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
    this.#taken(ticket);
    this.#open(ticket);
    this.#pump();
  }

  succeeded(ticket: Ticket, used: Usage): void {
    this.#answered(ticket);
    this.#settle(ticket, used);
    this.#taken(ticket);
    this.#open(ticket);
    this.#leave(ticket);
  }

  /** Says what is to be done about it; a line that cools has taken note. */
  failed(ticket: Ticket, error: ModelError): Remedy {
    this.#answered(ticket);
    const now = this.#clock.now();
    ticket.broken += 1;
    const isNews = this.#cool === null;
    const refusals = this.#refusals + (isNews ? 1 : 0);
    const holds = this.#holds + ((this.#hold?.until ?? 0) <= now ? 1 : 0);
    const known = { refusals, holds, broken: ticket.broken };
    const remedy = remedyFor(error, known, this.#random);
    const isRefused = remedy.kind === "cool" || remedy.kind === "held";
    if (remedy.kind === "cool") {
      // Overload that one turn alone met is the provider's bad moment; met again, there are too many of us.
      if (error.kind === "rate-limit" || !isNews || refusals > 1) this.#ceiling.refused(now);
      this.#refused(remedy, { now, refusals });
    }
    if (remedy.kind === "held") this.#held({ error, until: now + remedy.ms }, holds);
    if (isRefused) this.#giveBack(ticket);
    else this.#settle(ticket, error.usage);
    if (this.#probe === ticket) this.#probe = null;
    this.#leave(ticket);
    const isHopeless = this.#troubleSince !== null && now - this.#troubleSince > TROUBLE_MS_MAX;
    return remedy.kind === "cool" && isHopeless ? { kind: "give-up" } : remedy;
  }

  /** It was aborted while it was with the provider. */
  dropped(ticket: Ticket): void {
    this.#answered(ticket);
    if (this.#probe === ticket) this.#probe = "due";
    this.#leave(ticket);
  }

  #refused(
    { ms, message }: { ms: number; message: string | null },
    { now, refusals }: { now: number; refusals: number },
  ): void {
    this.#refusals = refusals;
    this.#troubleSince ??= now;
    const until = Math.max(now + ms, this.#cool?.until ?? 0);
    this.#cool = { message, until };
    // One that is under way was sent before this refusal: its answer says nothing about what comes after.
    this.#probe = "due";
    for (const { ticket } of this.#queue.items()) ticket.onWait(this.#cool);
  }

  /** Whoever asks next finds out whether the account is still held. */
  lookAgain(): void {
    if (this.#hold !== null) this.#hold.until = 0;
  }

  #held(hold: Hold, holds: number): void {
    this.#hold = hold;
    this.#holds = holds;
    this.#probe = "due";
    const error = heldFor(hold.error, hold.until - this.#clock.now());
    for (const waiting of this.#queue.items()) {
      this.#queue.remove(waiting);
      waiting.refuse(error);
    }
  }

  #open(ticket: Ticket): void {
    // A turn that was sent before the refusal says nothing about what comes after it.
    if (this.#cool !== null || (this.#probe !== null && this.#probe !== ticket)) return;
    this.#probe = null;
    this.#hold = null;
    this.#holds = 0;
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
    this.#silent.add(ticket);
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

  #taken(ticket: Ticket): void {
    if (this.#silent.delete(ticket)) this.#ceiling.taken(this.#inFlight, this.#clock.now());
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

  #leave(ticket: Ticket): void {
    this.#silent.delete(ticket);
    this.#inFlight -= 1;
    this.#pump();
  }
}
