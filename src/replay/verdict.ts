// Whether a script that was gone through again did what the journal says that it did then. Pure.

import type { Json } from "../engine/json.ts";
import { isScriptsFault } from "../runs/ending.ts";
import { own } from "../runs/own-entries.ts";
import { publicationsOf } from "../runs/publications.ts";
import { isEnded } from "../runs/record.ts";
import type { KeptRun } from "./kept-run.ts";

/** How it went, and why, in a sentence. */
export interface Verdict {
  /**
   * `same`: the script came to the end of then. `stopped`: it came to where the run had stopped. `other`: it did not do what
   * the journal says. `unread`: it cannot be told, for want of what it reads or of room in the sandbox.
   */
  kind: "same" | "stopped" | "other" | "unread";
  why: string;
}

/** What became of the script today. `waits`: for what the journal has no answer to. */
export type Now =
  | { kind: "returned"; value: Json }
  | { kind: "threw" | "waits" | "diverged" | "unread"; why: string };

/** What the run's end of then leaves no doubt of; null when nothing says whether its script threw or was interrupted. */
type Then = "returned" | "stopped" | null;

export function judge(run: KeptRun, now: Now): Verdict {
  switch (now.kind) {
    case "returned":
      return judgeReturn(run, now.value);
    case "threw":
      return thenOf(run) === null ? stoppedAt(now.why) : otherThan(run, now.why);
    case "waits":
      return thenOf(run) === "returned" ? otherThan(run, now.why) : stoppedAt(now.why);
    case "diverged":
      return { kind: "other", why: now.why };
    case "unread":
      return { kind: "unread", why: now.why };
  }
}

const SAME: Verdict = {
  kind: "same",
  why: "The script came to the end that it came to then.",
};

const stoppedAt = (why: string): Verdict => ({ kind: "stopped", why });

const otherThan = (run: KeptRun, why: string): Verdict => ({
  kind: "other",
  why:
    thenOf(run) === "returned"
      ? `Then the script came to its end, and now it does not. ${why}`
      : `Then the script was stopped while it waited, and now it is not. ${why}`,
});

function judgeReturn(run: KeptRun, value: Json): Verdict {
  const { record } = run;
  if (hasNoted(run, own.report)) return judgeValue(run, value);
  if (thenOf(run) === "stopped") return otherThan(run, "It came to its end.");
  if (thenOf(run) === "returned" || !isEnded(record.status) || hasReported(run)) return SAME;
  if (record.status === "failed" && isScriptsFault(record.statusDetail ?? ""))
    return { kind: "other", why: "The script came to its end now. Then it failed." };
  // The last answer may have been written down when the run was ended, by people or by what GitHub refused, and the script
  // not have heard of it any more.
  return stoppedAt(
    "The script comes to its end with the answers that there are: the run was ended before that was noted.",
  );
}

function judgeValue({ record, entries }: KeptRun, value: Json): Verdict {
  const { report } = publicationsOf(record.base?.commit ?? "", entries, record.settings);
  if (JSON.stringify(report?.value) === JSON.stringify(value)) return SAME;
  return { kind: "other", why: "The script came to its end with another result than then." };
}

function thenOf(run: KeptRun): Then {
  if (hasNoted(run, own.stopped)) return "stopped";
  const { status } = run.record;
  const isDone = status === "completed" || status === "degraded";
  return isDone || hasNoted(run, own.report) ? "returned" : null;
}

const hasNoted = ({ entries }: KeptRun, step: string): boolean =>
  entries.some((entry) => entry.kind === "call-ended" && entry.step === step);

/** A script that reports by itself gets no report noted by the house when it returns. */
function hasReported({ record, entries }: KeptRun): boolean {
  const { report } = publicationsOf(record.base?.commit ?? "", entries, record.settings);
  return report !== null;
}
