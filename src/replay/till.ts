// The money of a run that is gone through under another cap: what each call cost then is taken before it begins. Pure.

import type { CallEnded, Entry } from "../engine/journal.ts";
import { own } from "../runs/own-entries.ts";

/** What is left under the cap. */
export interface Till {
  /** In US dollars. */
  spentUsd: () => number;
  /** Takes what a call cost; false when there is no room for it. */
  take: (known: CallEnded) => boolean;
  /** The same for calls of the house, by the beginning of their steps; false as soon as there is no room for one. */
  takeOwn: (steps: string) => boolean;
  isRefused: (key: string) => boolean;
  /** What there was no room for, as people know it, in the order in which it was asked. */
  names: () => string[];
}

export function openTill(entries: readonly Entry[], capUsd: number): Till {
  const names = new Map(entries.flatMap((entry) => nameOf(entry)));
  const refused = new Map<string, string>();
  let spentUsd = 0;
  const take = (known: CallEnded): boolean => {
    const costUsd = known.usage?.costUsd ?? 0;
    if (costUsd > 0 && spentUsd + costUsd > capUsd) {
      refused.set(known.key, names.get(known.key) ?? known.step);
      return false;
    }
    spentUsd += costUsd;
    return true;
  };
  return {
    spentUsd: () => spentUsd,
    take,
    takeOwn: (steps) =>
      entries.every(
        (entry) => entry.kind !== "call-ended" || !entry.step.startsWith(steps) || take(entry),
      ),
    isRefused: (key) => refused.has(key),
    names: () => [...refused.values()],
  };
}

const nameOf = (entry: Entry): [string, string][] => {
  if (entry.kind !== "call-started") return [];
  const { key, step, label } = entry;
  return [[key, label === null ? (OWN_NAMES[step] ?? step) : `${step} "${label}"`]];
};

/** Calls of the house by whom they ask. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  [own.author]: "author",
  [own.synthesis]: "synthesizer",
};
