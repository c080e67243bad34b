// The last branch of a switch over every case: the compiler proves it is never taken.

/** Throws: a value came that the types rule out. */
export function unreachable(value: never): never {
  throw new Error(`A case nobody handles: ${JSON.stringify(value)}`);
}
