// One model of the provider: who goes next, how many at once, and when nobody goes.

import type { ModelError, ProviderLimits, Usage } from "../agent/model.ts";
import { Budgets } from "./budgets.ts";
import { Ceiling } from "./ceiling.ts";
import { FairQueue } from "./fair-queue.ts";
import { heldFor, type Hold, HeldUp, Holding } from "./held.ts";
import { demandOf } from "./demand.ts";
import type { Heard, OpenPart, Part } from "./part.ts";
import { RetryBudget } from "./retries.ts";
import type { Cool, GateClock, Ticket, Waiting } from "./ticket.ts";
import { RATIONED_MS, type Refused, Refusals, remedyFor, type Remedy } from "./trouble.ts";

/** Processes that heard of one refusal do not all try again in the same moment. */
const APART_MS = 2_000;

/** Why an alarm is not needed any more; one for all, since an error of its own for each look is what looking would cost. */
const LOOKED = new Error("It was looked again before.");

export class Lane {
  readonly #clock: GateClock;
  readonly #random: () => number;
  readonly #queue = new FairQueue<Waiting>();
  readonly #ceiling = new Ceiling();
  readonly #part: Part | null;
  readonly #budgets: Budgets;
  readonly #retries = new RetryBudget();
  /** Those whose limits the provider has not stated in its answer yet. */
  readonly #unanswered = new Set<Ticket>();
  /** Those whose answer has not begun. */
  readonly #silent = new Set<Ticket>();
  readonly #inFlight = new Set<Ticket>();
  #cool: Cool | null = null;
  readonly #holding = new Holding();
  /** After a refusal one goes alone; `due` until somebody does. */
  #probe: Ticket | "due" | null = null;
  readonly #refusals = new Refusals();
  #alarm: AbortController | null = null;

  /** `openPart` where other processes use the same budgets. */
  constructor(clock: GateClock, random: () => number, openPart: OpenPart | null = null) {
    this.#clock = clock;
    this.#random = random;
    this.#part = openPart?.(this.#asSeen()) ?? null;
    this.#budgets = new Budgets(this.#part);
  }

  #asSeen(): Parameters<OpenPart>[0] {
    return {
      demand: () => demandOf(this.#waiting(), this.#inFlight, this.#ceiling.value),
      changed: () => this.#pump(),
      cooled: (cool) => this.#hear(cool),
    };
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
    this.#holding.refuse(this.#clock.now());
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
    this.#budgets.sync(limits, this.#clock.now());
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
    this.#budgets.settle(ticket.estimate, used);
    this.#retries.succeeded();
    this.#taken(ticket);
    this.#open(ticket);
    this.#leave(ticket);
  }

  /** Says what is to be done about it; a line that cools has taken note. */
  failed(ticket: Ticket, error: ModelError): Remedy {
    this.#answered(ticket);
    ticket.broken += 1;
    const now = this.#clock.now();
    const known = {
      refusals: this.#refusals.with(this.#cool === null),
      holds: this.#holding.timesWith(now),
    };
    const hadBegun = !this.#silent.has(ticket) || error.usage !== null;
    const own = remedyFor(error, { ...known, broken: ticket.broken, hadBegun }, this.#random);
    const remedy = own.kind === "again" ? this.#ration(own, error) : own;
    // What the provider or the line did to all is not held against one turn.
    if (remedy.kind === "cool" || remedy.kind === "held") ticket.broken -= 1;
    if (remedy.kind === "cool") this.#refused(error, { ...remedy, ...known, now });
    if (remedy.kind === "held") this.#held({ error, until: now + remedy.ms }, known.holds);
    if (own.kind === "cool" || own.kind === "held") this.#budgets.giveBack(ticket.estimate);
    else this.#budgets.settle(ticket.estimate, error.usage);
    if (this.#probe === ticket) this.#probe = null;
    this.#leave(ticket);
    return remedy.kind === "cool" && this.#refusals.isHopeless(now) ? { kind: "give-up" } : remedy;
  }

  #waiting(): Ticket[] {
    return this.#queue.items().map(({ ticket }) => ticket);
  }

  /** One broken turn is asked again by itself; many of them are a broken line, which one turn tries for all. */
  #ration(again: Remedy & { kind: "again" }, { message }: ModelError): Remedy {
    if (this.#retries.take(this.#clock.now())) return again;
    return { kind: "cool", ms: again.ms + RATIONED_MS, message };
  }

  /** It was aborted while it was with the provider. */
  dropped(ticket: Ticket): void {
    this.#answered(ticket);
    if (this.#probe === ticket) this.#probe = "due";
    this.#leave(ticket);
  }

  #refused({ kind }: ModelError, { ms, message, refusals, now }: Refused): void {
    // Overload that one turn alone met is the provider's bad moment; met again, there are too many of us.
    const isAlone = kind === "overloaded" && this.#cool === null && refusals === 1;
    if (!isAlone) this.#ceiling.refused(now);
    this.#refusals.note(refusals, now);
    const until = Math.max(now + ms, this.#cool?.until ?? 0);
    this.#cool = { message, until };
    if (kind !== "network" && !isAlone) this.#part?.cool(this.#cool);
    // One that is under way was sent before this refusal: its answer says nothing about what comes after.
    this.#probe = "due";
    for (const ticket of this.#waiting()) ticket.onWait(this.#cool);
  }

  /** Another process was refused: nobody goes here either. */
  #hear({ ms, message }: Heard): void {
    const until = this.#clock.now() + ms;
    if (until <= (this.#cool?.until ?? 0)) return;
    this.#cool = { message, until: until + this.#random() * APART_MS };
    this.#probe ??= "due";
    for (const ticket of this.#waiting()) ticket.onWait(this.#cool);
  }

  /** Whoever asks next finds out whether the account is still held. */
  lookAgain(): void {
    this.#holding.lookAgain();
  }

  #held(hold: Hold, holds: number): void {
    this.#holding.begin(hold, holds);
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
    this.#holding.end();
    this.#refusals.end();
  }

  #pump(): void {
    this.#alarm?.abort(LOOKED);
    this.#alarm = null;
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
      for (const ticket of this.#waiting()) ticket.onWait(null);
    }
    if (this.#inFlight.size >= this.#ceiling.value) return null;
    if (this.#probe !== null && this.#probe !== "due") return null;
    return this.#budgets.waitMs(estimate, now);
  }

  #send({ ticket, go }: Waiting): void {
    this.#budgets.take(ticket.estimate, this.#clock.now());
    this.#unanswered.add(ticket);
    this.#silent.add(ticket);
    this.#inFlight.add(ticket);
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
    if (this.#silent.delete(ticket)) this.#ceiling.taken(this.#inFlight.size, this.#clock.now());
  }

  #answered(ticket: Ticket): void {
    if (this.#unanswered.delete(ticket)) this.#budgets.seen(ticket.estimate);
  }

  #leave(ticket: Ticket): void {
    this.#silent.delete(ticket);
    this.#inFlight.delete(ticket);
    this.#pump();
  }
}
