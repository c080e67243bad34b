// Questions of a run to people: asked once in the thread, kept in the record, answered by command or by the clock.

import { createHash } from "node:crypto";

import type { Decision, Questions } from "../steps/context.ts";
import type { Clock } from "../world/clock.ts";
import type { Comment, Forge } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { LiveRun } from "./live.ts";
import { questionMarker } from "./names.ts";
import { type OnWait, patiently } from "./patience.ts";
import type { QuestionRecord } from "./record.ts";
import { renderQuestion } from "./render/question.ts";

export interface QuestionsWorld {
  forge: Forge;
  clock: Clock;
  onWait: OnWait;
}

/** Longest single sleep: timers cannot count further than some weeks. */
const SLEEP_MS_MAX = 24 * 60 * 60_000;

export const EXPIRED: Decision = { approved: false, by: null, comment: "expired" };

export function openQuestions(world: QuestionsWorld, run: LiveRun): Questions {
  const made: Made = new Map();
  const show = async (id: string, signal: AbortSignal): Promise<void> => {
    const url = await patiently({ ...world, signal }, () =>
      ensureShown(world.forge, run, { id, made }),
    );
    if (find(run, id).url !== url) await change(run, id, { url });
  };
  return {
    ask: async ({ key, text, expiresMs }, signal) => {
      const known = run.record().questions.find((each) => each.key === key);
      const id = known?.id ?? idOf(run.record().id, key);
      if (known === undefined) {
        const askedAt = world.clock.now();
        const fresh = { id, key, text, askedAt, expiresAt: askedAt + expiresMs };
        const questions = [...run.record().questions, { ...fresh, url: null, decision: null }];
        await run.update({ questions });
      }
      await show(id, signal);
      const { decision } = find(run, id);
      return { id, decision, decided: () => untilDecided(world, { run, id }, signal) };
    },
    close: show,
  };
}

/** Writes a decision down, on disk when it resolves; the first one stands, and is what is returned. */
export async function decide(run: LiveRun, id: string, decision: Decision): Promise<Decision> {
  const known = find(run, id).decision;
  if (known !== null) return known;
  await change(run, id, { decision });
  return decision;
}

/** The questions of a run that nobody has decided yet. */
export const openOnes = (run: LiveRun): readonly QuestionRecord[] =>
  run.record().questions.filter(({ decision }) => decision === null);

/** Sleeps until a moment however far away it is. */
export async function sleepUntil(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  while (clock.now() < at) await clock.sleep(Math.min(at - clock.now(), SLEEP_MS_MAX), signal);
}

/** `q-` and 6 characters of `0-9 a-f`: short enough to type, and another one in every run. */
const idOf = (run: string, key: string): string =>
  `q-${createHash("sha256").update(`${run}/${key}`).digest("hex").slice(0, 6)}`;

function find(run: LiveRun, id: string): QuestionRecord {
  const question = run.record().questions.find((each) => each.id === id);
  if (question === undefined) throw new Error(`This run asked no question ${id}.`);
  return question;
}

async function change(
  run: LiveRun,
  id: string,
  changes: Partial<Pick<QuestionRecord, "url" | "decision">>,
): Promise<void> {
  const questions = run
    .record()
    .questions.map((each) => (each.id === id ? { ...each, ...changes } : each));
  await run.update({ questions });
}

async function untilDecided(
  { clock }: QuestionsWorld,
  { run, id }: { run: LiveRun; id: string },
  signal: AbortSignal,
): Promise<Decision> {
  const { expiresAt } = find(run, id);
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    return await Promise.race([
      run.whenDecided(id, either),
      sleepUntil(clock, expiresAt, either).then(() => decide(run, id, EXPIRED)),
    ]);
  } finally {
    enough.abort(new Error("The question is decided."));
  }
}

/** Comments that this process made or found, by question: lists are behind what was just made. */
type Made = Map<string, Comment>;

/** One comment a question, found by its mark; says what became of it. Returns its page. */
async function ensureShown(
  forge: Forge,
  run: LiveRun,
  { id, made }: { id: string; made: Made },
): Promise<string> {
  const { id: runId, thread } = run.record();
  const body = renderQuestion(run.record(), find(run, id));
  const known = made.get(id) ?? (await forge.findComment(thread, questionMarker(runId, id)));
  if (known === null) {
    const created = await forge.createComment(thread, body);
    made.set(id, created);
    return created.url;
  }
  try {
    if (known.body !== body) await forge.editComment(known.id, body);
    made.set(id, { ...known, body });
  } catch (error) {
    // An edit is a courtesy: the run's own comment says the same.
    if (!(error instanceof ForgeError) || error.kind === "limited" || error.kind === "unreachable")
      throw error;
  }
  return known.url;
}
