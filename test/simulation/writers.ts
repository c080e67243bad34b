// Who does what for a run: nothing by a driver that is none any more, and nothing that is finished.

import type { TurnRequest } from "../../src/agent/model.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { type Chain, type Chains, isFenced } from "./chains.ts";
import type { Operation } from "./core/seam.ts";
import { labelOf } from "./model.ts";

interface WritersWorld {
  chains: Chains;
  /** Milliseconds of the world. */
  now: () => number;
  violate: (invariant: string, what: string) => void;
}

export interface Writers {
  /** After a write to GitHub. */
  onWrite(operation: Operation, process: string): void;
  /** Before the provider is asked. */
  onAsking(request: TurnRequest, process: string): void;
}

/** Hidden marks and names by which something belongs to a run. */
const OF_RUN = /fanfold:run=(wf-\w+)|fanfold\/(wf-\w+)\//u;

/** What only the driver of a run does; comments are also for who took its command. */
const OF_DRIVER = /^(?:createReview|createPullRequest|createCommit|moveRefs)$/u;

export function openWriters({ chains, now, violate }: WritersWorld): Writers {
  return {
    onWrite: ({ name, given }, process) => {
      const [, marked, named] = OF_RUN.exec(JSON.stringify(given ?? [])) ?? [];
      const chain = chains.runs.get(marked ?? named ?? "");
      if (chain !== undefined && isFenced(chain, process))
        violate("a driver that lost its run is silent", `${process}: ${name}`);
      if (chain !== undefined && OF_DRIVER.test(name) && !isHeld(chain, { process, now: now() }))
        violate("who works on a run holds its lease", `${process}: ${name}`);
    },
    onAsking: (request, process) => {
      const label = labelOf(request);
      if (label === null) return;
      for (const [run, chain] of chains.runs) {
        if (chain.epochs.get(process) === chain.epoch && isFinished(chain.entries, label))
          violate("nothing finished is performed again", `${run}: ${label} by ${process}`);
      }
    },
  };
}

/** Its own word is the newest in the checkpoint, and its time is not over. */
const isHeld = (
  { epoch, epochs, lease, movedAt }: Chain,
  { process, now }: { process: string; now: number },
): boolean => epochs.get(process) === epoch && now - movedAt < (lease?.ttlMs ?? 0);

/** By its label, which is another one for each call of these worlds. */
function isFinished(entries: readonly Entry[], label: string): boolean {
  const started = entries.find((each) => each.kind === "call-started" && each.label === label);
  return entries.some((each) => each.kind === "call-ended" && each.key === started?.key);
}
