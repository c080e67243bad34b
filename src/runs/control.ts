// People's wishes for runs that have not ended: which run is meant, whether the wish fits where it stands, and what is noted.

import type { Granted, Person, ThreadRef, Wish } from "../command/run-desk.ts";
import { shownHash } from "./binding.ts";
import { cancelOf, type Desk } from "./driver.ts";
import { hasRoom, spentUsd } from "./hold.ts";
import { isAlive, type LiveRun } from "./live.ts";
import type { RunRecord } from "./record.ts";
import { waitingPlan } from "./render/plan.ts";
import { money } from "./render/text.ts";
import { listed } from "./render/undo.ts";
import { spread } from "./spread.ts";
import { summaryOf } from "./summary.ts";
import { takeUp } from "./take-up.ts";

/** On disk when it resolves; the run's driver sees it from then on. */
export async function grant(
  state: Desk,
  { thread, by }: { thread: ThreadRef; by: Person },
  wish: Wish,
): Promise<Granted> {
  const meant =
    wish.verb === "undo"
      ? await meantToUndo(state, thread, wish.run)
      : meantBy(state, thread, wish);
  if ("kind" in meant) return meant;
  return await note(state, meant.run, { by, wish });
}

/** Without an id only a run of this thread can be meant, and only when there is no other that it could be. */
function meantBy(
  { runs, house }: Desk,
  { repository, thread }: ThreadRef,
  wish: Wish,
): { run: LiveRun } | Granted {
  const here = [...runs.values()].filter(
    (run) => run.record().repository.repositoryId === repository.repositoryId,
  );
  const nothing: Granted = { kind: "nothing-runs", run: wish.run };
  if (wish.run !== null) {
    const named = here.find((run) => run.record().id === wish.run);
    if (named === undefined) return nothing;
    return isAlive(named) ? { run: named } : ended(named, house.world.clock.now());
  }
  const alive = here.filter((run) => isAlive(run) && run.record().thread === thread);
  const fitting = alive.filter((run) => wish.verb !== "resume" || run.record().pause !== null);
  const [only, ...more] = fitting.length === 0 ? alive : fitting;
  if (only === undefined) {
    const newest = newestOf(here.filter((run) => run.record().thread === thread));
    return newest === null ? nothing : ended(newest, house.world.clock.now());
  }
  if (more.length === 0) return { run: only };
  const now = house.world.clock.now();
  return { kind: "ambiguous", runs: [only, ...more].map((run) => summaryOf(run, now)) };
}

/** Nothing is alive here: what ended last is what people mean. */
const newestOf = (runs: readonly LiveRun[]): LiveRun | null =>
  runs.toSorted((a, b) => b.record().createdAt - a.record().createdAt)[0] ?? null;

/** Any run of the repository by its id; without one the only run of the thread that is not undone. */
async function meantToUndo(
  { runs, house }: Desk,
  { repository, thread }: ThreadRef,
  id: string | null,
): Promise<{ run: LiveRun } | Granted> {
  const here = [...runs.values()].filter(
    (run) => run.record().repository.repositoryId === repository.repositoryId,
  );
  if (id !== null) {
    const known =
      here.find((run) => run.record().id === id) ?? (await takeUp(house, { ref: repository, id }));
    const isHere = known?.record().repository.repositoryId === repository.repositoryId;
    if (known === null || !isHere) return { kind: "nothing-runs", run: id };
    runs.set(id, known);
    return { run: known };
  }
  const ofThread = here.filter((run) => run.record().thread === thread);
  const standing = ofThread.filter((run) => run.record().undo === null);
  const [only, ...more] = standing.length === 0 ? ofThread.slice(-1) : standing;
  if (only === undefined) return { kind: "nothing-runs", run: null };
  if (more.length === 0) return { run: only };
  const now = house.world.clock.now();
  return { kind: "ambiguous", runs: [only, ...more].map((run) => summaryOf(run, now)) };
}

function ended(run: LiveRun, now: number): Granted {
  const { run: id, state } = summaryOf(run, now);
  return { kind: "ended", run: id, state };
}

async function note(
  state: Desk,
  run: LiveRun,
  { by, wish }: { by: Person; wish: Wish },
): Promise<Granted> {
  const { clock } = state.house.world;
  const { id } = run.record();
  const elsewhere = state.elsewhere.has(id) && isAlive(run) ? saidElsewhere(id, wish.verb) : null;
  if (elsewhere !== null) return { kind: "unfit", run: id, why: elsewhere };
  if (wish.verb === "budget") return await changeCap(state, run, wish);
  const why = unfitBecause(run, wish.verb);
  if (why !== null) return { kind: "unfit", run: id, why };
  const change = changeFor(wish.verb, by, clock.now());
  const isOver = !isAlive(run);
  const said = wish.verb === "undo" && isOver ? { undo: change.undo ?? null } : change;
  await run.update(said);
  if (change.cancel != null && !isOver) cancelOf(state, run);
  // Somebody who lets a run go on may have put the account in order: nobody waits until it would be asked again.
  if (wish.verb === "resume") state.house.gate.lookAgain();
  // For a run that nobody drives just now: it has to be driven on.
  await spread(state, run, said);
  return { kind: "noted", verb: wish.verb, run: id };
}

function changeFor(
  verb: Exclude<Wish["verb"], "budget">,
  by: Person,
  at: number,
): Partial<RunRecord> {
  switch (verb) {
    case "cancel":
      return { cancel: { by, at } };
    case "pause":
      return { pause: { by, at, why: null, until: null, next: "land" } };
    case "resume":
      return { pause: null };
    case "land":
      return { pause: null, land: { by, at } };
    case "undo":
      return { undo: { by, at, done: null }, cancel: { by, at } };
  }
}

/** Why a wish does not fit where the run stands, and what does; null when it fits. */
function unfitBecause(run: LiveRun, verb: Exclude<Wish["verb"], "budget">): string | null {
  const { id, status, pause, land, plan } = run.record();
  const name = `Run \`${id}\``;
  if (verb === "cancel") return null;
  if (verb === "undo") return notUndone(run);
  if (land !== null) return `${name} is finishing with what there is already.`;
  if (verb === "resume") return unresumable(run);
  if (status === "publishing") return `${name} has nothing left to do but to publish what it made.`;
  if (verb === "pause") {
    return pause?.by == null ? null : `${name} is paused already, by ${pause.by.login}.`;
  }
  const hasRun = plan !== null && (plan.asks === null || plan.started);
  return hasRun
    ? null
    : `Nothing of ${name} has run yet, so there is nothing to land. \`/workflow cancel\` ends it.`;
}

/** What can be taken back and said again in another order is not passed on: who heard of it first would count. */
function saidElsewhere(id: string, verb: Wish["verb"]): string | null {
  if (verb !== "pause" && verb !== "resume" && verb !== "budget") return null;
  return (
    `Run \`${id}\` is driven by another machine of this bot just now, and this one heard you. ` +
    `Nothing was changed. Say it again in a few minutes; \`/workflow cancel\` and \`/workflow land\` are passed on at once.`
  );
}

function notUndone(run: LiveRun): string | null {
  const { id, undo, saved } = run.record();
  if (undo === null) return null;
  if (undo.done === null) return `Run \`${id}\` is being undone already.`;
  const { stays, at } = undo.done;
  if (saved.some((save) => save.at > at)) return null;
  const rest = stays.length === 0 ? "" : ` What stays:\n\n${listed(stays)}\n\n`;
  return `Run \`${id}\` was undone by ${undo.by.login}; nothing is left that could be undone.${rest}`;
}

function unresumable(run: LiveRun): string | null {
  const { id, pause, limits } = run.record();
  if (pause === null) return `Run \`${id}\` is not paused.`;
  if (pause.by !== null || hasRoom(run)) return null;
  return `Run \`${id}\` stands at its cap of ${money(limits.budgetUsd)}. \`/workflow budget $N\` raises it, \`/workflow land\` finishes with what there is.`;
}

/** A comment that is older than so many others is heard no more. */
const RAISES_KEPT = 50;

/** A cap below what is spent already stops the run at its next agent, as it should. */
async function changeCap(
  state: Desk,
  run: LiveRun,
  { change, mostUsd, key }: Extract<Wish, { verb: "budget" }>,
): Promise<Granted> {
  const { id, limits, pause, land, raises } = run.record();
  const before = raises.find((one) => one.key === key);
  if (before !== undefined) return { ...before.outcome, kind: "cap", run: id };
  const from = limits.budgetUsd;
  const to = change.kind === "to" ? change.usd : (from ?? spentUsd(run)) + change.usd;
  const unfit = (why: string): Granted => ({ kind: "unfit", run: id, why });
  if (land !== null) return unfit(`Run \`${id}\` is finishing with what there is already.`);
  if (to > mostUsd) {
    return unfit(`No cap in this repository may be above ${money(mostUsd)} (\`budget.most\`).`);
  }
  const stood = pause !== null && pause.by === null;
  const isEnough = to > spentUsd(run);
  const outcome = { from, to, goesOn: stood && isEnough };
  const said = {
    limits: { ...limits, budgetUsd: to },
    // The answer may get lost and the same comment be heard again: "+$5" is five dollars once.
    raises: [...raises.slice(1 - RAISES_KEPT), { key, outcome }],
    ...(outcome.goesOn ? { pause: null } : {}),
  };
  await run.update(said);
  state.house.till.lookAgain();
  await spread(state, run, said);
  const waiting = waitingPlan(run.record());
  return {
    kind: "cap",
    run: id,
    ...outcome,
    ...(waiting === null || from === to ? {} : { voids: shownHash(waiting.plan.hash) }),
    ...(isEnough ? {} : { spentUsd: spentUsd(run) }),
  };
}
