// The port to the repository's home: three git operations over the wire.

import type { Oid } from "./git-data.ts";
import { isRefName } from "./ref-name.ts";

/** One ref to move, to somewhere else. `from` null: must not exist yet. `to` null: delete. Compare-and-swap on `from`, always. */
export interface RefUpdate {
  ref: string;
  from: Oid | null;
  to: Oid | null;
}

/**
 * Refs of one push. Git takes each of them as two arguments of about 450 bytes together when names are as long as ours may
 * be, and systems allow 1 MiB of arguments (macOS) or more. A run of the most agents there can be stays below.
 */
export const REFS_PER_PUSH_MAX = 1_500;

/** How a push ended. `stale`: a ref was not at `from`; nothing moved, since every push is atomic. */
export type Pushed = { kind: "pushed" } | { kind: "stale"; refs: string[] };

/** A repository's remote. Rejects with `RemoteError`. */
export interface GitRemote {
  /** Every ref under a prefix such as `refs/heads/` or `refs/fanfold/runs/<run>/`. */
  list(prefix: string): Promise<Map<string, Oid>>;
  /**
   * Brings refs into the bare repository at `gitDir`. Refspecs are forced and full,
   * e.g. `+refs/heads/main:refs/remotes/origin/main`; a bare object id is allowed as a source.
   */
  fetch(gitDir: string, refspecs: readonly string[]): Promise<void>;
  /** One atomic push of all updates, tried once. A lost answer is resolved by reading the refs back, never by guessing. */
  push(gitDir: string, updates: readonly RefUpdate[]): Promise<Pushed>;
}

/** Where a remote lives and what opens it. Headers travel through git's environment, never in argv or the URL. */
export interface RemoteAccess {
  /** `https://…`, `http://127.0.0.1…` or an absolute path. */
  url: string;
  /** Fresh for every operation; e.g. `Authorization: Basic …`. Null for a path. */
  header(): Promise<string | null>;
}

/** The remote could not be asked, or said no for a reason that is not a stale ref. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  /** Worth trying again as it is. */
  readonly transient: boolean;
  /** The repository's push policy, when a push was refused for moving more refs than that; otherwise null. */
  readonly refsPerPush: number | null;

  constructor(
    message: string,
    options: ErrorOptions & { transient: boolean; refsPerPush?: number | null },
  ) {
    super(message, options);
    this.transient = options.transient;
    this.refsPerPush = options.refsPerPush ?? null;
  }
}

/** What every remote refuses: a push that is none. @throws {RemoteError} */
export function checkUpdates(updates: readonly RefUpdate[]): void {
  const names = new Set(updates.map((update) => update.ref));
  const odd = updates.find(({ ref, from, to }) => {
    const oids = [from, to].filter((oid) => oid !== null);
    return !isRefName(ref) || !oids.every((oid) => /^[0-9a-f]{40}$/.test(oid)) || from === to;
  });
  if (odd === undefined && names.size === updates.length && updates.length <= REFS_PER_PUSH_MAX)
    return;
  const what =
    odd === undefined
      ? `a push moves ${REFS_PER_PUSH_MAX} refs at most, each once`
      : `${JSON.stringify(odd)} is no update of a ref`;
  throw new RemoteError(`Nothing was pushed: ${what}.`, { transient: false });
}
