// Refs of a migration are moved as runs move theirs: in their turn, and no more with one push than the repository allows.

import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import type { RefUpdate } from "../repo/remote.ts";
import type { Site } from "../runs/house.ts";
import { pushInGroups } from "../runs/push-in-groups.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";

/** Moved with one push: each of them is an event for everybody who listens to the repository. */
const REFS_AT_ONCE = 50;

/** Where branches and hidden refs of a migration stand now. */
export const listRefs = async (
  mirror: Pick<Mirror, "remoteRefs">,
  id: string,
): Promise<ReadonlyMap<string, Oid>> =>
  new Map([
    ...(await mirror.remoteRefs(`refs/fanfold/migrations/${id}/`)),
    ...(await mirror.remoteRefs(`refs/heads/fanfold/migration-${id}/`)),
  ]);

/** Gives the names of those that were moved: a push of which one ref was not where it was left moves none of its own. */
export type PushRefs = (updates: readonly RefUpdate[]) => Promise<ReadonlySet<string>>;

interface PushWorld extends Site {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

export const pusherOf =
  ({ signal, log, ...site }: PushWorld): PushRefs =>
  async (updates) => {
    const moved = new Set<string>();
    const onWait = (waitMs: number, { message }: Error) => {
      log.warn({ waitMs, error: message }, "waiting before another try");
      return () => undefined;
    };
    const onMoved = (group: readonly RefUpdate[]): void => {
      for (const { ref } of group) moved.add(ref);
    };
    for (let from = 0; from < updates.length; from += REFS_AT_ONCE) {
      await site.pacer.turn(signal);
      const group = updates.slice(from, from + REFS_AT_ONCE);
      await pushInGroups({ ...site, onWait, onMoved }, group, signal);
    }
    return moved;
  };
