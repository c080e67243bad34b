// What people said to different machines about one run, brought together: no word of theirs is lost. Pure.

import type { QuestionRecord, RunRecord } from "./record.ts";

type Words = Pick<RunRecord, "cancel" | "land" | "undo" | "questions"> & Saves;
type Saves = Partial<Pick<RunRecord, "saved" | "tidyAt">>;

/** For a record of another machine that is taken on: what people said to this one stays, whatever the other knew of it. */
export const saidHere = (there: RunRecord, here: RunRecord): Words => ({
  ...eitherOf(here, there),
  questions: decidedIn(there, here),
  ...savesIn(there, here),
});

/** For a record that stays as it is: what people said to another machine and not to this one; null when there is nothing. */
export function saidThere(here: RunRecord, there: RunRecord): Words | null {
  const questions = decidedIn(here, there);
  const words = { ...eitherOf(here, there), questions, ...savesIn(here, there) };
  return JSON.stringify({ ...here, ...words }) === JSON.stringify(here) ? null : words;
}

const eitherOf = (
  here: RunRecord,
  there: RunRecord,
): Pick<RunRecord, "cancel" | "land" | "undo"> => ({
  cancel: here.cancel ?? there.cancel,
  land: here.land ?? there.land,
  undo: here.undo ?? there.undo,
});

/** What a record becomes by workflows that only the other one knows to be saved, or to have stood elsewhere; they are looked after. */
export function savesIn(
  { saved }: Pick<RunRecord, "saved">,
  other: Pick<RunRecord, "saved">,
): Saves {
  const all = new Map(saved.map((each) => [each.branch, each]));
  for (const each of other.saved) {
    const known = all.get(each.branch);
    const heads = [...new Set([...(known?.heads ?? []), ...each.heads])];
    all.set(each.branch, { ...each, heads, at: Math.max(known?.at ?? 0, each.at) });
  }
  const together = [...all.values()];
  return JSON.stringify(together) === JSON.stringify(saved) ? {} : { saved: together, tidyAt: 0 };
}

/** The questions of one record, with decisions that only the other one knows. */
export function decidedIn(
  { questions }: Pick<RunRecord, "questions">,
  other: Pick<RunRecord, "questions">,
): QuestionRecord[] {
  const decisions = new Map(other.questions.map(({ id, decision }) => [id, decision]));
  return questions.map((each) => ({
    ...each,
    decision: each.decision ?? decisions.get(each.id) ?? null,
  }));
}
