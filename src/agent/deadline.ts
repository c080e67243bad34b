// An agent's wall clock as a signal.

import type { AgentWorld } from "./agent.ts";

export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** Aborted when the parent is, or with `OutOfTime` after `ms`. Dispose of it when the agent has ended. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Starts the clock of one agent. */
export function startDeadline(
  clock: AgentWorld["clock"],
  ms: number,
  parent: AbortSignal,
): Deadline {
  const time = new AbortController();
  const ended = new AbortController();
  clock.sleep(ms, ended.signal).then(
    () => time.abort(new OutOfTime()),
    (error: unknown) => {
      // Without a clock there is no limit, and nothing here runs without one.
      if (!ended.signal.aborted) time.abort(error);
    },
  );
  return {
    signal: AbortSignal.any([parent, time.signal]),
    [Symbol.dispose]: () => ended.abort(),
  };
}
