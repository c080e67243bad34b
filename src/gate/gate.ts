// The one way to the provider: every agent of every run passes here, so that its limits are used up and never stormed.

import {
  type Hearing,
  type Model,
  ModelError,
  type Turn,
  type TurnRequest,
} from "../agent/model.ts";
import type { Board } from "../world/board.ts";
import { Estimates } from "./estimate.ts";
import type { Caller } from "./fair-queue.ts";
import { heldFor, HeldUp } from "./held.ts";
import { Lane } from "./lane.ts";
import { type OpenPart, Part } from "./part.ts";
import type { Cool, GateClock, Ticket } from "./ticket.ts";
import { type Lead, PrefixRegistry } from "./prefix.ts";
import type { Remedy } from "./trouble.ts";

export interface Gate {
  /**
   * The provider for one caller. A turn waits for its place, is asked again after trouble that passes, and rejects with
   * `ModelError` only when no further try would heal it. While the account is held (a spending limit, a refused key), all
   * who ask are told at once, with the time until the provider is asked again as `retryAfterMs`.
   */
  modelFor(caller: Caller): Model;
  /** Somebody says that a held account may be open again: the next turn of each model finds out. */
  lookAgain(): void;
}

export interface GateOptions {
  /** The provider, which never tries again by itself. */
  model: Model;
  clock: GateClock;
  /** From 0 up to 1. */
  random: () => number;
  /** Where other processes share the provider's budgets; null or left out where there are none. */
  board?: Board | null;
}

export function openGate({ model, clock, random, board = null }: GateOptions): Gate {
  const holder = board === null ? "" : nameFrom(random);
  const partOf = (name: string): OpenPart | null =>
    board === null ? null : (told) => new Part({ ...told, board, clock, holder, model: name });
  const house: House = {
    model,
    clock,
    lanes: new Map(),
    newLane: (name) => new Lane(clock, random, partOf(name)),
    prefixes: new PrefixRegistry(clock),
    estimates: new Estimates(),
  };
  return {
    modelFor: (caller) => ({
      turn: (request, signal, hearing = {}) => pass(house, caller, { request, signal, hearing }),
    }),
    lookAgain: () => {
      for (const lane of house.lanes.values()) lane.lookAgain();
    },
  };
}

/** Unlike that of any other process. */
const nameFrom = (random: () => number): string =>
  Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(36)).join("-");

interface House {
  model: Model;
  clock: GateClock;
  /** By model: the provider keeps its limits per model. */
  lanes: Map<string, Lane>;
  newLane: (model: string) => Lane;
  prefixes: PrefixRegistry;
  estimates: Estimates;
}

interface Asked {
  request: TurnRequest;
  signal: AbortSignal;
  hearing: Hearing;
}

async function pass(house: House, caller: Caller, asked: Asked): Promise<Turn> {
  const lane = laneOf(house, asked.request.model);
  using wait = openWait(asked.hearing);
  const ticket: Ticket = {
    caller,
    age: lane.nextAge(),
    estimate: { inputTokens: 0, outputTokens: 0 },
    broken: 0,
    onWait: wait.changed,
  };
  let { request } = asked;
  for (;;) {
    const tried = await tryOnce(house, { lane, ticket, wait }, { ...asked, request });
    if ("turn" in tried) return tried.turn;
    if (tried.remedy.kind === "held") throw heldFor(tried.error, tried.remedy.ms);
    if (tried.remedy.kind === "give-up") throw afterTries(tried.error, ticket.broken);
    if (tried.error.usage !== null) {
      asked.hearing.spent?.(tried.error.usage);
      request = (await asked.hearing.again?.()) ?? request;
    }
    if (tried.remedy.kind === "again") {
      wait.changed(null);
      await house.clock.sleep(tried.remedy.ms, asked.signal);
    }
  }
}

interface Way {
  lane: Lane;
  ticket: Ticket;
  wait: Wait;
}

type Tried = { turn: Turn } | { error: ModelError; remedy: Remedy };

async function tryOnce(house: House, { lane, ticket, wait }: Way, asked: Asked): Promise<Tried> {
  const { request, signal } = asked;
  wait.changed(null);
  const lead = await house.prefixes.join(request, signal);
  try {
    ticket.estimate = house.estimates.of(request, ticket.caller.role, lead.isFirst);
    await lane.admit(ticket, signal);
    wait.over();
    lead.started();
    return { turn: await send(house, { lane, ticket, lead }, asked) };
  } catch (error) {
    if (error instanceof HeldUp) throw error.error;
    if (signal.aborted || !(error instanceof ModelError)) throw error;
    return { error, remedy: lane.failed(ticket, error) };
  } finally {
    lead.ended();
  }
}

async function send(
  { model, estimates }: House,
  { lane, ticket, lead }: { lane: Lane; ticket: Ticket; lead: Lead },
  { request, signal, hearing }: Asked,
): Promise<Turn> {
  try {
    const turn = await model.turn(request, signal, {
      ...hearing,
      limits: (limits) => {
        lane.heard(ticket, limits);
        hearing.limits?.(limits);
      },
      streaming: () => {
        lead.streaming();
        lane.streaming(ticket);
        hearing.streaming?.();
      },
    });
    estimates.learn(ticket.caller.role, turn.usage);
    lane.succeeded(ticket, turn.usage);
    return turn;
  } catch (error) {
    if (signal.aborted || !(error instanceof ModelError)) lane.dropped(ticket);
    throw error;
  }
}

function laneOf({ lanes, newLane }: House, model: string): Lane {
  const known = lanes.get(model);
  if (known !== undefined) return known;
  const fresh = newLane(model);
  lanes.set(model, fresh);
  return fresh;
}

interface Wait extends Disposable {
  changed: (cool: Cool | null) => void;
  over: () => void;
}

/** Tells the caller of one wait at a time, and of its end. */
function openWait(hearing: Hearing): Wait {
  let end: (() => void) | null = null;
  const over = (): void => {
    end?.();
    end = null;
  };
  return {
    changed: (cool) => {
      over();
      end =
        hearing.waiting?.({ message: cool?.message ?? null, until: cool?.until ?? null }) ?? null;
    },
    over,
    [Symbol.dispose]: over,
  };
}

function afterTries(error: ModelError, tries: number): ModelError {
  if (tries === 1) return error;
  const { kind, message, retryAfterMs, usage } = error;
  const told = `${message} It was tried ${tries} times.`;
  return new ModelError(kind, told, { cause: error, retryAfterMs, usage });
}
