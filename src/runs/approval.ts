// Between plan and script: shows what would happen, asks where a person has to be asked, and lets through only what was approved.

import type { Effective } from "../settings/effective.ts";
import { renderClosed } from "../settings/render.ts";
import { boundOf, changesIn, hashOf, shownHash } from "./binding.ts";
import { estimateOf } from "./estimate.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { notePlan, noteVoid } from "./notes.ts";
import { patiently } from "./patience.ts";
import { type Ground, tipsNow } from "./plan.ts";
import { closedNow, declined, scriptChanged } from "./plan-ended.ts";
import { asksBecause, largeBecause } from "./policy.ts";
import { decide, EXPIRED } from "./questions.ts";
import type { QuestionRecord, RunRecord } from "./record.ts";
import { type Bound, type Estimate, type PlanRecord, planKey } from "./plan-record.ts";
import { fitsComment } from "./render/plan.ts";
import type { RunSite } from "./site.ts";
import { settingsOfRun } from "../settings/kept.ts";
import { settingsOn } from "./fork.ts";

interface Place {
  run: LiveRun;
  site: RunSite;
  ground: Ground;
}

/** `stale`: something that the approval was bound to has changed; the run is to be planned anew. */
export type Passed = "open" | "waits" | "stale";

const HOUR_MS = 60 * 60_000;

/** Throws `PlanEnded` when the plan was rejected, nobody approved it in time, or its script is another one. */
export async function passApproval(
  house: House,
  place: Place,
  signal: AbortSignal,
): Promise<Passed> {
  const { run } = place;
  const script = scriptOf(run);
  const plan = run.record().plan ?? (await makePlan(house, { ...place, script }, signal));
  if (boundOf(run.record(), { script, rules: plan.bound.rules }).script !== plan.bound.script) {
    throw scriptChanged();
  }
  if (plan.asks === null || plan.started) return "open";
  const question = await questionOf(house, run, plan);
  const decision = question.decision ?? (await expiryOf(house, run, question));
  if (decision === null) return "waits";
  if (!decision.approved) throw declined(plan, decision);
  const changes = await changesSince(house, { ...place, script, plan }, signal);
  if (changes.length > 0) return "stale";
  await run.update({ plan: { ...plan, started: true } });
  return "open";
}

function scriptOf(run: LiveRun): string {
  const script = run.script();
  if (script === null) throw new Error("A run without a script has no plan.");
  return script;
}

async function makePlan(
  house: House,
  { run, ground, script }: Place & { script: string },
  signal: AbortSignal,
): Promise<PlanRecord> {
  const previewed = await estimateOf(house, { run, ground, source: script }, signal);
  const estimate = await withPast(house, run, previewed);
  const record = run.record();
  const bound = boundOf(record, { script, rules: ground.trusted.commit });
  const large = largeBecause(record, estimate);
  const asks = asksBecause(record, { estimate, large });
  const plan = { hash: hashOf(bound), bound, estimate, large, asks, readAt: null, started: false };
  await run.update({ plan });
  await notePlan(house, record, plan.hash);
  return plan;
}

/** What runs of the same workflow cost here tells more than made-up answers do. */
async function withPast({ priceBook }: House, run: LiveRun, estimate: Estimate): Promise<Estimate> {
  const { script, repository } = run.record();
  if (script === null || script.origin === "authored") return estimate;
  const past = await priceBook.past(repository.repositoryId, script.workflow);
  if (past === null) return estimate;
  const { runs, ...costs } = past;
  const { lowUsd, highUsd } = estimate;
  return { ...estimate, ...costs, past: { runs, preview: { lowUsd, highUsd } } };
}

/** The plan's question; on disk from the moment somebody may see it, so that its time runs over restarts. */
async function questionOf(
  { world: { clock } }: House,
  run: LiveRun,
  { hash }: PlanRecord,
): Promise<QuestionRecord> {
  const { questions, settings } = run.record();
  const known = questions.find(({ key }) => key === planKey(hash));
  if (known !== undefined) return known;
  const question: QuestionRecord = {
    id: shownHash(hash),
    key: planKey(hash),
    text: "Shall the plan run?",
    askedAt: clock.now(),
    expiresAt: clock.now() + settings["approval.expiresHours"] * HOUR_MS,
    url: null,
    decision: null,
  };
  await run.update({ questions: [...questions, question] });
  return question;
}

async function expiryOf({ world }: House, run: LiveRun, { id, expiresAt }: QuestionRecord) {
  return world.clock.now() < expiresAt ? null : await decide(run, id, EXPIRED);
}

/** What changed since the plan was shown. When something did, the run is set back to be planned anew. */
async function changesSince(
  house: House,
  { run, site, ground, script, plan }: Place & { script: string; plan: PlanRecord },
  signal: AbortSignal,
): Promise<string[]> {
  const record = run.record();
  const { clock } = house.world;
  const attempt = <T>(work: () => Promise<T>) =>
    patiently({ clock, signal, onWait: site.onWait }, work);
  const now = await attempt(() => house.rules.of(record.repository));
  if (now.closed !== null) throw closedNow(renderClosed(now, record.repository));
  const settings = settingsOn(settingsOfRun(now.effective.settings), record.base);
  const limits = narrowed(record.limits, settings);
  const tips = await attempt(() => tipsNow(site.mirror, ground));
  const bound: Bound = {
    ...boundOf({ ...record, limits, settings }, { script, rules: tips.rules ?? "" }),
    // A run that reuses answers stays on the commit that they are about.
    head: record.retryOf === null ? (tips.base ?? "") : plan.bound.head,
  };
  const changes = changesIn({
    before: plan.bound,
    now: bound,
    settings: { before: record.settings, now: settings },
  });
  if (changes.length === 0) return changes;
  const isAuthored = record.script?.origin === "authored";
  await noteVoid(house, record, plan.hash);
  await run.update({
    settings,
    limits,
    plan: null,
    base: null,
    // A saved workflow is read anew where it stands now; what was written for this task is kept, and paid for once.
    ...(isAuthored ? {} : { script: null }),
    voidPlans: [...record.voidPlans, { hash: plan.hash, changes }],
  });
  return changes;
}

function narrowed(
  { agents, budgetUsd, hours }: RunRecord["limits"],
  settings: Effective["settings"],
): RunRecord["limits"] {
  const most = settings["budget.most"];
  return {
    agents: Math.min(agents, settings["limits.agents"]),
    budgetUsd: budgetUsd === null ? null : Math.min(budgetUsd, most),
    hours: hours === null ? null : Math.min(hours, settings["limits.hours"]),
  };
}

/** Brings the plan before people's eyes: only what can be read in full may be approved. */
export async function showPlan(
  { run, site }: Omit<Place, "ground">,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = run.record();
  if (plan === null || plan.started) return await site.reporter.tell(signal);
  const isWhole = fitsComment(scriptOf(run));
  if (!isWhole) await run.update({ plan: { ...plan, readAt: pageOfScript(site) } });
  await site.reporter.tell(signal);
  const url = site.reporter.url();
  const readAt = url === null || isWhole ? url : pageOfScript(site);
  await run.update({ plan: { ...plan, readAt } });
}

function pageOfScript({ forge, publisher }: RunSite): string | null {
  const commit = publisher.checkpoint();
  return commit === null ? null : forge.pageOf({ commit, path: "script.js" });
}
