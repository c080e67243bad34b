// Which repositories the operator lets this bot serve, of those that it is installed on. Pure.

import type { RepositoryRef } from "../world/forge.ts";

export type Serves = (repository: Pick<RepositoryRef, "owner" | "name">) => boolean;

/** `patterns` are `owner/name` or `owner/*` in small letters; null serves every repository. */
export function serves(patterns: readonly string[] | null): Serves {
  if (patterns === null) return () => true;
  const named = new Set(patterns);
  return ({ owner, name }) =>
    named.has(`${owner}/${name}`.toLowerCase()) || named.has(`${owner}/*`.toLowerCase());
}
