// A run under another cap: its script is gone through with the answers that it has, as far as the money goes.

import { Stopped, Suspended } from "../engine/errors.ts";
import type { CallEnded, Entry } from "../engine/journal.ts";
import { runScript } from "../engine/run.ts";
import { isOwn } from "../runs/own-entries.ts";
import { publicationsOf } from "../runs/publications.ts";
import { isDelivered, verdictOf } from "../steps/ledger.ts";
import type { KeptRun } from "./kept-run.ts";
import { answersIn, type Hands, optionsOf } from "./replay.ts";
import { replaySteps, Unanswered } from "./steps.ts";

/** What would have become of the run. */
export interface WhatIf {
  /** In US dollars. */
  capUsd: number;
  spentUsd: number;
  /** Answers that fit, and those that the run had. */
  calls: number;
  of: number;
  /** What would not have begun for want of money, as people know it. */
  refused: string[];
  /** Changes that reviewers had accepted by then and that are in, or would have been folded in by the bot itself. */
  accepted: number;
  /** Changes that would have stayed out. */
  out: number;
  /** Why the script does not come to its end, in a sentence; null when it does. */
  stopped: string | null;
}

/**
 * Calls take what they cost in the order in which they are asked, before they begin, as a run sets money aside; what has no
 * room is not begun. A real run sets aside what a turn may cost at most, so it may stop earlier, never later.
 */
export async function underCap(run: KeptRun, hands: Hands, capUsd: number): Promise<WhatIf> {
  const till = openTill(run, capUsd);
  const entries: Entry[] = [];
  let stopped: string | null = null;
  try {
    if (run.script === null) throw new Stopped("The run ended before it had a script.");
    await runScript({
      ...optionsOf(run, run.script, hands),
      steps: replaySteps(run, hands.reading, async ({ key }) => till.take(key)),
      history: [],
      append: async (fresh) => void entries.push(...fresh),
    });
  } catch (error) {
    if (!(error instanceof Stopped) && !(error instanceof Suspended)) throw error;
    stopped = error.message;
  }
  const { record } = run;
  const { ledger } = publicationsOf(record.base?.commit ?? "", entries, record.settings);
  const changes = [...ledger.changes.values()];
  const accepted = changes.filter(
    (change) => isDelivered(change) || verdictOf(change) === "accepted",
  ).length;
  return {
    capUsd,
    spentUsd: till.spentUsd(),
    calls: answersIn(entries),
    of: answersIn(run.entries),
    refused: till.refused,
    accepted,
    out: changes.length - accepted,
    stopped,
  };
}

function openTill({ entries }: KeptRun, capUsd: number) {
  const ends = entries.filter((entry): entry is CallEnded => entry.kind === "call-ended");
  const answers = new Map(ends.filter((entry) => !isOwn(entry)).map((entry) => [entry.key, entry]));
  // Whoever wrote the script was paid before anything of it ran.
  const before = ends.filter(({ step }) => step.startsWith("plan:"));
  const names = new Map(entries.flatMap((entry) => nameOf(entry)));
  let spentUsd = before.reduce((sum, entry) => sum + costOf(entry), 0);
  const refused: string[] = [];
  return {
    refused,
    spentUsd: () => spentUsd,
    take: (key: string) => {
      const known = answers.get(key);
      if (known?.outcome == null)
        throw new Unanswered(
          "From here on the script asks what the run never asked, so nobody knows the answer.",
        );
      const costUsd = costOf(known);
      if (costUsd > 0 && spentUsd + costUsd > capUsd) {
        refused.push(names.get(key) ?? known.step);
        throw new Stopped("The cap leaves no room for what comes next.");
      }
      spentUsd += costUsd;
      const { outcome, usage, record, moreAgents } = known;
      return {
        outcome,
        ...(usage === undefined ? {} : { usage }),
        ...(record === undefined ? {} : { record }),
        ...(moreAgents === undefined ? {} : { moreAgents }),
      };
    },
  };
}

const costOf = ({ usage }: CallEnded): number => usage?.costUsd ?? 0;

const nameOf = (entry: Entry): [string, string][] =>
  entry.kind === "call-started"
    ? [[entry.key, entry.label === null ? entry.step : `${entry.step} "${entry.label}"`]]
    : [];
