// People's words on plans and questions: which one is meant, and whether this person's word counts for it.

import type { Deciding, Person, Word } from "../command/run-desk.ts";
import { namesPlan } from "./binding.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { REPLACED } from "./plan-ended.ts";
import { decide } from "./questions.ts";
import type { QuestionRecord } from "./record.ts";
import { planKey, type PlanRecord } from "./plan-record.ts";

interface Asked extends QuestionRecord {
  run: LiveRun;
  /** Set when the question is whether this plan shall run. */
  plan: PlanRecord | null;
}

/** Takes a person's word on a plan or a question of a thread's runs. */
export async function decideIn(
  runs: readonly LiveRun[],
  by: Person,
  word: Word,
): Promise<Deciding> {
  const asked = runs.flatMap((run) => run.record().questions.map((each) => askedIn(run, each)));
  const open = asked.filter(isOpen);
  const meant = meantBy(word, { asked, open });
  if (meant === undefined) {
    return open.length === 0 ? { kind: "nothing-asked" } : { kind: "which", open };
  }
  const { id, decision } = meant;
  if (decision !== null) return { kind: "decided-before", id, ...decision };
  return isOpen(meant) ? await decideOne(meant, by, word) : { kind: "nothing-asked" };
}

const isOpen = ({ run, decision }: Asked): boolean => decision === null && isAlive(run);

/** Without an id the only open one is meant, which is no guess. */
function meantBy(
  { id }: Word,
  { asked, open }: Record<"asked" | "open", readonly Asked[]>,
): Asked | undefined {
  if (id !== null) return asked.find((each) => isNamed(each, id));
  return open.length === 1 ? open[0] : undefined;
}

async function decideOne(meant: Asked, by: Person, word: Word): Promise<Deciding> {
  const refusal = word.approved ? refusalOf(meant, by, word) : null;
  if (refusal !== null) return refusal;
  const { id, run, plan } = meant;
  const { approved, comment } = word;
  const given = { approved, by: by.login, comment };
  // The first word stands, should two arrive together.
  const decision = await decide(run, id, given);
  if (decision !== given) return { kind: "decided-before", id, ...decision };
  return {
    kind: "decided",
    what: plan === null ? "question" : "plan",
    run: run.record().id,
    id,
    approved,
  };
}

function askedIn(run: LiveRun, question: QuestionRecord): Asked {
  const { plan } = run.record();
  const isPlan = plan !== null && question.key === planKey(plan.hash);
  return { ...question, run, plan: isPlan ? plan : null };
}

function isNamed({ id, key }: Asked, typed: string): boolean {
  const [, hash] = /^plan:(.+)$/u.exec(key) ?? [];
  return hash === undefined ? id === `q-${typed.replace(/^q-/u, "")}` : namesPlan(typed, hash);
}

/** An approval is for a plan that was named, that can be read, and, where two are needed, by somebody else. */
function refusalOf({ id, plan, run }: Asked, by: Person, { id: typed }: Word): Deciding | null {
  if (plan === null) return null;
  if (typed === null) return { kind: "unnamed-plan", id };
  const { requester, settings } = run.record();
  if (settings["approval.twoPeople"] && requester.id === by.id) {
    return { kind: "needs-another", id, requester: requester.login };
  }
  return plan.readAt === null ? { kind: "not-shown", id } : null;
}

/** A new plan takes the place of those that wait in its thread. Resolves to the runs that end by it. */
export async function replacePlans(runs: readonly LiveRun[], by: Person): Promise<string[]> {
  const replaced: string[] = [];
  for (const run of runs.filter(isAlive)) {
    const open = run.record().questions.map((each) => askedIn(run, each));
    const waiting = open.find(({ plan, decision }) => plan !== null && decision === null);
    if (waiting === undefined) continue;
    await decide(run, waiting.id, { approved: false, by: by.login, comment: REPLACED });
    replaced.push(run.record().id);
  }
  return replaced;
}
