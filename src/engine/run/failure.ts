// What ends a run from outside the script: the first failure interrupts whatever the loop waits for.

/** The failures of one run; the loop waits for one thing at a time. */
export interface Failure {
  /** Ends the run with this error, unless another one has ended it already. */
  report: (error: unknown) => void;
  /** What `work` comes to, or the failure, whichever is first. */
  or<Value>(work: Promise<Value>): Promise<Value>;
}

/** No race against one promise that lives as long as the run: each race would stay in its memory until the run ends. */
export function createFailure(): Failure {
  let failed: { error: unknown } | null = null;
  let interrupt: ((error: unknown) => void) | null = null;
  return {
    report(error) {
      failed ??= { error };
      interrupt?.(failed.error);
    },
    or(work) {
      return new Promise((resolve, reject) => {
        if (failed !== null) reject(failed.error);
        interrupt = reject;
        work.then(resolve, reject);
      });
    },
  };
}
