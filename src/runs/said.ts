// What people said to different machines about one run, brought together: no word of theirs is lost. Pure.

import type { QuestionRecord, RunRecord } from "./record.ts";

type Words = Pick<RunRecord, "cancel" | "land" | "undo" | "questions">;

/** For a record of another machine that is taken on: what people said to this one stays, whatever the other knew of it. */
export const saidHere = (there: RunRecord, here: RunRecord): Words => ({
  ...eitherOf(here, there),
  questions: decidedIn(there, here),
});

/** For a record that stays as it is: what people said to another machine and not to this one; null when there is nothing. */
export function saidThere(here: RunRecord, there: RunRecord): Words | null {
  const words = { ...eitherOf(here, there), questions: decidedIn(here, there) };
  return JSON.stringify({ ...here, ...words }) === JSON.stringify(here) ? null : words;
}

const eitherOf = (here: RunRecord, there: RunRecord): Omit<Words, "questions"> => ({
  cancel: here.cancel ?? there.cancel,
  land: here.land ?? there.land,
  undo: here.undo ?? there.undo,
});

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
