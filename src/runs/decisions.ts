// Words on plans and questions, and what they set going.

import type { Deciding, Person, Word } from "../command/run-desk.ts";
import { learnQuestions } from "./asked-elsewhere.ts";
import type { Desk } from "./driver.ts";
import type { LiveRun } from "./live.ts";
import { noteDecision } from "./notes.ts";
import { spread } from "./spread.ts";
import { decideIn, replacePlans } from "./words.ts";

/** Takes a person's word on a plan or a question of these runs; the run that it was about goes on. */
export async function decideAndWake(
  state: Desk,
  runs: readonly LiveRun[],
  { by, word }: { by: Person; word: Word },
): Promise<Deciding> {
  const deciding = await decideHere(state, runs, { by, word });
  const run = deciding.kind === "decided" ? state.runs.get(deciding.run) : undefined;
  if (deciding.kind !== "decided" || run === undefined) return deciding;
  await noteDecision(state.house, run.record(), deciding);
  await spread(state, run, { questions: run.record().questions });
  return deciding;
}

/** Where several processes share a queue, what the others' runs ask was looked up before. */
async function decideHere(
  state: Desk,
  runs: readonly LiveRun[],
  { by, word }: { by: Person; word: Word },
): Promise<Deciding> {
  const deciding = await decideIn(runs, by, word);
  if (deciding.kind !== "nothing-asked" || state.house.world.fleet !== null) return deciding;
  return (await learnQuestions(state, runs)) ? await decideIn(runs, by, word) : deciding;
}

/** A new plan that was asked for takes the place of those that wait in its thread. */
export async function replaceOthers(
  state: Desk,
  others: readonly LiveRun[],
  by: Person,
): Promise<void> {
  const replaced = new Set(await replacePlans(others, by));
  for (const run of others.filter((each) => replaced.has(each.record().id))) {
    await spread(state, run, { questions: run.record().questions });
  }
}
