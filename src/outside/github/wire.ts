// One attempt of a request: how long it may take, and what is logged of it.

import type { Log } from "../../world/log.ts";
import * as limits from "./limits.ts";
import { redact } from "./redact.ts";

/** The time limit is for one attempt on the wire; waiting in our own queues does not count. */
export const fetchInTime: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(limits.attemptMs) });

export function quietLog(log: Log) {
  return {
    debug: () => {},
    info: () => {},
    warn: (message: string) => log.warn({}, redact(message)),
    error: (message: string) => {
      // Octokit notes every refused request. Whoever asked gets it and says it; to many, a file that is not there is an answer.
      if (!/ - \S+ with id \S+ in \d+ms$/u.test(message)) log.error({}, redact(message));
    },
  };
}
