// How often a process pushes: GitHub asks for six pushes a minute and repository at most.

import type { RefUpdate } from "../../src/repo/remote.ts";
import { leaseIn } from "../../src/runs/manifest.ts";
import { openSeal } from "../../src/runs/seal.ts";
import { type Chains, runOfState } from "./chains.ts";
import type { Hub } from "./git/hub.ts";
import type { Objects } from "./git/objects.ts";

interface PacesWorld {
  hub: Pick<Hub, "refsPerPush">;
  chains: Chains;
  secret: string;
  /** Milliseconds of the world. */
  now: () => number;
  violate: (invariant: string, what: string) => void;
}

/** A push that is about to leave a process. */
export interface Push {
  process: string;
  updates: readonly RefUpdate[];
  objects: Objects;
}

const MINUTE_MS = 60_000;
/** Of our own, so that a person's fits in. */
const PER_MINUTE = 5;
const GAP_MS = 10_000;

/** Told of every push when it is asked for, whatever becomes of it. */
export function openPaces({ hub, chains, secret, now, violate }: PacesWorld): (push: Push) => void {
  const starts = new Map<string, number[]>();
  return (push) => {
    // The first part of a push that may jump tells nobody so.
    if (hub.refsPerPush !== null) return;
    const before = (starts.get(push.process) ?? []).filter((at) => now() - at < MINUTE_MS);
    starts.set(push.process, [...before, now()]);
    const sinceMs = now() - (before.at(-1) ?? Number.NEGATIVE_INFINITY);
    if ((sinceMs < GAP_MS || before.length >= PER_MINUTE) && !mayJump(push))
      violate(
        "pushes keep GitHub's pace",
        `${push.process}: ${before.length + 1} in a minute, ${sinceMs} ms after the last one`,
      );
  };

  /** Taking a run, and letting go of it, waits for nothing. */
  function mayJump({ updates, objects }: Push): boolean {
    return updates.some(({ ref, to }) => {
      const run = runOfState(ref);
      if (run === null || to === null) return false;
      const manifest = objects.treeOf(to).get("manifest")?.blob ?? "";
      const lease = leaseIn(openSeal(secret, run), objects.blob(manifest));
      return lease?.isReleased === true || lease?.epoch !== chains.runs.get(run)?.epoch;
    });
  }
}
