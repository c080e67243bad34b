// A model in memory: a function says what it answers.

import { ModelError, type Model, type Turn, type TurnRequest } from "../../agent/model.ts";

export interface ScriptedModel extends Model {
  /** Every request so far, in order, as deep copies: later turns of a conversation do not change earlier ones. */
  readonly requests: readonly TurnRequest[];
}

/** Answers the n-th request (from 0) by the given function; an error it returns is what the turn rejects with. */
export function scriptedModel(
  answer: (request: TurnRequest, n: number) => Turn | ModelError | Promise<Turn | ModelError>,
): ScriptedModel {
  const requests: TurnRequest[] = [];
  return {
    requests,
    async turn(request, signal, hearing) {
      signal.throwIfAborted();
      const n = requests.push(structuredClone(request)) - 1;
      const answered = await untilAborted(Promise.resolve(answer(request, n)), signal);
      if (answered instanceof ModelError) throw answered;
      hearing?.streaming?.();
      return answered;
    },
  };
}

function untilAborted<T>(answered: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([answered, promise]).finally(() =>
    signal.removeEventListener("abort", onAbort),
  );
}
