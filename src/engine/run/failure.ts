// What ends a run from outside the script: the first failure interrupts whatever the run waits for.

/** The failures of one run. */
export interface Failure {
  /** Ends the run with this error, unless another one has ended it already. */
  report: (error: unknown) => void;
  /** What `work` comes to, or the failure, whichever is first. */
  or<Value>(work: Promise<Value>): Promise<Value>;
}

/** Each race has a promise of its own: in the memory of one that lives as long as the run each would stay until it ends. */
export function createFailure(): Failure {
  let failed: { error: unknown } | null = null;
  const interrupts = new Set<(error: unknown) => void>();
  return {
    report(error) {
      failed ??= { error };
      for (const interrupt of interrupts) interrupt(failed.error);
    },
    async or(work) {
      const { promise, reject } = Promise.withResolvers<never>();
      if (failed !== null) reject(failed.error);
      interrupts.add(reject);
      try {
        return await Promise.race([work, promise]);
      } finally {
        interrupts.delete(reject);
      }
    },
  };
}
