// A wall clock as a signal: of one agent, or of a whole run.

import type { AgentWorld } from "./agent.ts";

export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** Aborted when the parent is, or with the reason after `ms`. Dispose of it when what it limits has ended. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Stops the clock until what it returns is called; of several pauses at once the last to end counts. */
  pause(): () => void;
}

/** Starts the clock. */
export function startDeadline(
  clock: AgentWorld["clock"],
  { ms, reason }: { ms: number; reason: Error },
  parent: AbortSignal,
): Deadline {
  const time = new AbortController();
  let leftMs = ms;
  let pauses = 0;
  let stop = (): void => undefined;
  const run = (): void => {
    const since = clock.now();
    const halted = new AbortController();
    stop = () => {
      halted.abort();
      leftMs = Math.max(0, leftMs - (clock.now() - since));
    };
    clock.sleep(leftMs, halted.signal).then(
      () => time.abort(reason),
      (error: unknown) => {
        // Without a clock there is no limit, and nothing here runs without one.
        if (!halted.signal.aborted) time.abort(error);
      },
    );
  };
  run();
  return {
    signal: AbortSignal.any([parent, time.signal]),
    pause: () => {
      if (pauses === 0) stop();
      pauses += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        pauses -= 1;
        if (pauses === 0) run();
      };
    },
    [Symbol.dispose]: () => {
      pauses += 1;
      stop();
    },
  };
}
