// What one setting is: a row of the table of keys.

import type { z } from "zod";

/** One setting. */
export interface Row<T> {
  does: string;
  schema: z.ZodType<T>;
  fallback: T;
  /**
   * What holds when the owner's file and the repository's both say something: the owner's bounds may be narrowed and not
   * widened. The repository's word when this is left out.
   */
  meet?(owner: T, repository: T): T;
}

export const row = <T>(given: Row<T>): Row<T> => given;
