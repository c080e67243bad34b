// Time that passes as fast as nothing waits for anything else: minutes of limits in seconds, for the SDK's own timers too.

import { install } from "@sinonjs/fake-timers";

export interface VirtualClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Rounds of the event loop that let streams and promises come to rest before time moves on. */
const ROUNDS = 3;

/** Does the work on a clock of its own; resolves with what it gives and the virtual milliseconds that passed. */
export async function inVirtualTime<T>(
  work: (clock: VirtualClock) => Promise<T>,
): Promise<{ value: T; ms: number }> {
  const turn = setImmediate;
  const timers = install({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
  try {
    const began = Date.now();
    const end = { isSettled: false };
    const working = work({ now: () => Date.now(), sleep }).finally(() => {
      end.isSettled = true;
    });
    // Its failure is handed on below; until then it must not count as unhandled.
    working.catch(() => undefined);
    while (!end.isSettled) {
      for (let round = 0; round < ROUNDS; round += 1)
        await new Promise<void>((go) => void turn(go));
      if (!end.isSettled) await timers.nextAsync();
    }
    return { value: await working, ms: Date.now() - began };
  } finally {
    timers.uninstall();
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted === true) {
    reject(signal.reason);
    return promise;
  }
  const timer = setTimeout(resolve, ms);
  const onAbort = (): void => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  return promise.finally(() => signal?.removeEventListener("abort", onAbort));
}
