// Listens to a local GitHub during a story and says afterwards where it, or the bot, left GitHub's contract.

import { type Contract, type Exchange, openContract } from "./contract.ts";

export interface Recorder {
  /** Give this to the local GitHub as it is. */
  onExchange: (exchange: Exchange) => void;
  webhook: (event: string, payload: unknown) => void;
  /** `GET /repos/o/r` and the like, in the order of the requests. */
  seen(): readonly string[];
  violations(): readonly string[];
  /** Throws with every violation. A recorder that saw no exchange throws as well: it was attached to nothing. */
  expectNoViolations(): void;
}

let opened: Contract | null = null;

/** One contract serves all recorders of a test file: its schemas are compiled only once. */
export function startRecorder(): Recorder {
  opened ??= openContract();
  const contract = opened;
  const requests: string[] = [];
  const problems = new Set<string>();
  const note = (found: readonly string[]) => found.forEach((problem) => problems.add(problem));
  return {
    onExchange(exchange) {
      requests.push(`${exchange.request.method.toUpperCase()} ${exchange.request.path}`);
      note(contract.checkExchange(exchange));
    },
    webhook: (event, payload) => note(contract.checkWebhook(event, payload)),
    seen: () => requests,
    violations: () => [...problems],
    expectNoViolations() {
      if (requests.length === 0)
        throw new Error("The recorder saw no exchange with GitHub at all.");
      if (problems.size === 0) return;
      throw new Error(`GitHub would not speak like this:\n- ${[...problems].join("\n- ")}`);
    },
  };
}
