// Waits for a promise no longer than a signal allows.

/** What `waiting` comes to; rejects with the signal's reason as soon as it is aborted. */
export function untilAborted<Value>(waiting: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([waiting, promise]).finally(() =>
    signal.removeEventListener("abort", onAbort),
  );
}
