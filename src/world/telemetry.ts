// The port to whoever watches the whole bot. Numbers and stretches of time: no name, no text of anybody, no place.

/** From small fixed sets, so that series stay few and nobody is named. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** A stretch of a run. */
export interface Stretch {
  name: "run" | "agent" | "turn";
  /** Id of the run that it belongs to. Left out: that of the stretch around it. */
  run?: string;
  facts: Facts;
}

/** What only grows. */
export type Counter = "runs.ended" | "agents.ended" | "turns" | "tokens" | "spent" | "deliveries";

/** What takes time. */
export type Timer = "turn" | "wait" | "delivery";

/** What goes up and down, and is asked for when somebody looks. */
export type Gauge = "runs" | "queue" | "github.budget";

export interface Reading {
  value: number;
  facts: Facts;
}

/** Nothing depends on any of it being heard; none of it throws. */
export interface Telemetry {
  /**
   * Does `work` and tells how long it took and whether it failed. Stretches that begin inside of it belong to it; all stretches
   * of one run belong together, on whichever machine. `work` may add facts that are known at its end only.
   */
  during<T>(stretch: Stretch, work: (learn: (facts: Facts) => void) => Promise<T>): Promise<T>;
  add(counter: Counter, by: number, facts: Facts): void;
  /** Milliseconds. */
  took(timer: Timer, ms: number, facts: Facts): void;
  /** What `read` cannot tell is left out. */
  watch(gauge: Gauge, read: () => readonly Reading[] | Promise<readonly Reading[]>): void;
}

/** Nobody watches. */
export const unwatched: Telemetry = {
  during: (_, work) => work(() => {}),
  add: () => {},
  took: () => {},
  watch: () => {},
};
