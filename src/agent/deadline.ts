// A wall clock as a signal: of one agent, or of a whole run.

import type { AgentWorld } from "./agent.ts";

export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** Aborted when the parent is, or with the reason after `ms`. Dispose of it when what it limits has ended. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Starts the clock. */
export function startDeadline(
  clock: AgentWorld["clock"],
  { ms, reason }: { ms: number; reason: Error },
  parent: AbortSignal,
): Deadline {
  const time = new AbortController();
  const ended = new AbortController();
  clock.sleep(ms, ended.signal).then(
    () => time.abort(reason),
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
