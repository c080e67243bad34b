// A turn on its way through the gate, and what it is told.

import type { ModelError } from "../agent/model.ts";
import type { Estimate } from "./estimate.ts";
import type { Caller } from "./fair-queue.ts";

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

/** A turn that waits to be sent. */
export interface Waiting {
  ticket: Ticket;
  go: () => void;
  refuse: (error: ModelError) => void;
}
