// Lines that a run was about to show on its own branch before they were signed: whoever finds the branch there knows whose it is.

import { z } from "zod";

import type { Entry } from "../engine/journal.ts";
import type { Oid } from "../repo/git-data.ts";
import type { LiveRun } from "./live.ts";

/** A step of the house's own, once for each line. */
const SHOWN_STEP = "finish:shown";

const Shown = z.object({ tip: z.string() });

/** To be called before the branch is moved; durable when it resolves. */
export async function noteTip(run: LiveRun, { tip, at }: { tip: Oid; at: number }): Promise<void> {
  if (shownTips(run.entries()).includes(tip)) return;
  await run.append([
    {
      v: 1,
      kind: "call-ended",
      key: `${SHOWN_STEP}:${tip}`,
      step: SHOWN_STEP,
      outcome: { ok: true, value: { tip } },
      at,
    },
  ]);
}

export const shownTips = (entries: readonly Entry[]): Oid[] =>
  entries.flatMap((entry) =>
    entry.kind === "call-ended" && entry.step === SHOWN_STEP && entry.outcome?.ok === true
      ? [Shown.parse(entry.outcome.value).tip]
      : [],
  );
