// A run under another cap: its script is gone through with the answers that it has, in the journal's order, as far as the money goes.

import { Stopped } from "../engine/errors.ts";
import type { CallEnded, Entry } from "../engine/journal.ts";
import { runScript } from "../engine/run.ts";
import { publicationsOf } from "../runs/publications.ts";
import { isDelivered, verdictOf } from "../steps/ledger.ts";
import { CannotReplay, type KeptRun } from "./kept-run.ts";
import { answersIn, type Hands, optionsOf, trouble } from "./replay.ts";
import { Unanswered } from "./steps.ts";
import { openTill, type Till } from "./till.ts";

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
  /** Why nobody can tell, where the script reads what is not there: the numbers say nothing then. Null as a rule. */
  unread: string | null;
}

/** How far a script comes. */
type Way = Pick<WhatIf, "stopped" | "unread">;

/**
 * Calls take what they cost in the order in which they are asked, before they begin, as a run sets money aside; what has no
 * room is not begun. A real run sets aside what a turn may cost at most, so it may stop earlier, never later.
 */
export async function underCap(run: KeptRun, hands: Hands, capUsd: number): Promise<WhatIf> {
  const till = openTill(run.entries, capUsd);
  const heard: Entry[] = [];
  const way = await goThrough(run, hands, { till, heard });
  // The bot's own words about the result are asked for last; without them the facts stand alone.
  if (way.stopped === null && way.unread === null) till.takeOwn("finish:");
  const { record } = run;
  const { ledger } = publicationsOf(record.base?.commit ?? "", heard, record.settings);
  const changes = [...ledger.changes.values()];
  const accepted = changes.filter(
    (change) => isDelivered(change) || verdictOf(change) === "accepted",
  ).length;
  return {
    capUsd,
    spentUsd: till.spentUsd(),
    calls: answersIn(heard),
    of: answersIn(run.entries),
    refused: till.names(),
    accepted,
    out: changes.length - accepted,
    ...way,
  };
}

/** `heard` gets what the script was answered. */
async function goThrough(
  run: KeptRun,
  hands: Hands,
  { till, heard }: { till: Till; heard: Entry[] },
): Promise<Way> {
  // Whoever wrote the script was paid before anything of it ran.
  if (!till.takeOwn("plan:"))
    return stoppedBy("The cap leaves no room for having the script written.");
  if (run.script === null) return stoppedBy("The run ended before it had a script.");
  const ends = new Map(run.entries.filter(isEnd).map((entry) => [entry.key, entry]));
  const unanswered = (key: string | null): Stopped =>
    key !== null && till.isRefused(key)
      ? new Stopped("The cap leaves no room for what comes next.")
      : new Unanswered(
          "From here on the script asks what the run never answered, so nobody knows what comes of it.",
        );
  try {
    await runScript({
      ...optionsOf(run, { source: run.script, unanswered }, hands),
      admit: till.take,
      emit: (event) => {
        const end = event.kind === "call-ended" ? ends.get(event.key) : undefined;
        if (end !== undefined) heard.push(end);
      },
    });
    return { stopped: null, unread: null };
  } catch (error) {
    const { why } = trouble(error);
    return error instanceof CannotReplay ? { stopped: null, unread: why } : stoppedBy(why);
  }
}

const stoppedBy = (why: string): Way => ({ stopped: why, unread: null });

const isEnd = (entry: Entry): entry is CallEnded => entry.kind === "call-ended";
