// Group commit: what comes while a write is under way is written with the next one, so that many share one sync to disk.

/**
 * A function that has its item written, in the order of its calls. `write` gets all that have gathered, and never runs twice
 * at once; what it rejects with is what each of its group gets, and the next group is written all the same.
 */
export function inGroups<T>(write: (items: readonly T[]) => Promise<void>) {
  let gathered: T[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();
  const writeGathered = (): Promise<void> => {
    const items = gathered;
    gathered = [];
    next = null;
    return write(items);
  };
  return (item: T): Promise<void> => {
    gathered.push(item);
    if (next === null) {
      next = last.then(writeGathered);
      last = next.catch(() => undefined);
    }
    return next;
  };
}
