// Virtual time: events one after the other, each given all the computing it causes before the next one happens.

import { setImmediate as turn } from "node:timers/promises";

/** Whose event it is: a dead owner's events do not happen, a frozen one's happen when it wakes up. */
export interface Owner {
  readonly alive: boolean;
  /** Milliseconds of virtual time; events before it are moved there. */
  readonly frozenUntil: number;
}

interface Event {
  at: number;
  /** Order of being asked for, among events of one moment. */
  order: number;
  owner: Owner | null;
  happen: () => void;
}

/** Turns of the event loop without anything new, after which nothing more comes of an event by itself. */
const QUIET_TURNS = 3;

export class Timeline {
  now: number;
  private readonly events: Event[] = [];
  private orders = 0;
  private outside = 0;

  constructor(startMs: number) {
    this.now = startMs;
  }

  /** Lets something happen in `ms` milliseconds. What is returned takes it back. */
  after(ms: number, owner: Owner | null, happen: () => void): () => void {
    const event = { at: this.now + Math.max(0, ms), order: this.orders++, owner, happen };
    this.put(event);
    return () => {
      const at = this.events.indexOf(event);
      if (at >= 0) this.events.splice(at, 1);
    };
  }

  /** Work that the machine does in real time, such as loading the engine: the next event waits for it. */
  async real<T>(work: Promise<T>): Promise<T> {
    this.outside += 1;
    try {
      return await work;
    } finally {
      this.outside -= 1;
    }
  }

  /** Until `isDone`, until nothing is left to happen, or until `untilMs`; which of them. */
  async run(isDone: () => boolean, untilMs: number): Promise<"done" | "idle" | "late"> {
    await this.calm();
    for (;;) {
      if (isDone()) return "done";
      const event = this.events.pop();
      if (event === undefined) return "idle";
      if (event.at > untilMs) {
        this.put(event);
        return "late";
      }
      if (event.owner !== null && !event.owner.alive) continue;
      if (event.owner !== null && event.owner.frozenUntil > event.at) {
        this.put({ ...event, at: event.owner.frozenUntil, order: this.orders++ });
        continue;
      }
      this.now = event.at;
      event.happen();
      await this.calm();
    }
  }

  private async calm(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.orders;
      await turn();
      if (this.orders !== before || this.outside > 0 || isReading()) quiet = -1;
    }
  }

  /** The latest first, so that the next one is at the end. */
  private put(event: Event): void {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.events[middle];
      const isLater =
        other !== undefined &&
        (other.at > event.at || (other.at === event.at && other.order > event.order));
      if (isLater) low = middle + 1;
      else high = middle;
    }
    this.events.splice(low, 0, event);
  }
}

/** The built-in workflows are read from the disk of this machine. */
function isReading(): boolean {
  const active = process.getActiveResourcesInfo();
  return active.includes("FSReqPromise") || active.includes("CloseReq");
}
