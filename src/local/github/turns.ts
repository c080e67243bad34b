// One thing at a time for each repository: what changes refs waits for its turn.

import type { Repository } from "./state.ts";

const last = new WeakMap<Repository, Promise<unknown>>();

/** Runs `work` after everything that was asked for this repository before. */
export async function inTurn<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const before = last.get(repository) ?? Promise.resolve();
  const mine = before.then(work);
  last.set(
    repository,
    mine.catch(() => {}),
  );
  return mine;
}
