// The last stage of a run: signed commits, the final pull request, the verdict. Every part can be done again after a crash.

import type { FileDiff, Oid } from "../repo/git-data.ts";
import { branchRef, resultBranchOf } from "../repo/refs.ts";
import type { Forge } from "../world/forge.ts";
import type { NewReview, PullRequest } from "../world/pulls.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Effects } from "./effects.ts";
import type { LiveRun } from "./live.ts";
import type { RunRecord } from "./record.ts";
import { comparisonOf, proposalText } from "./render/proposal.ts";
import { reviewMarker } from "./names.ts";
import type { Meeting } from "./meetings.ts";
import { patiently } from "./patience.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import { renderFinalPull } from "./render/final-pull.ts";
import { renderReportOf } from "./render/report.ts";
import { REPORT_REVIEW, renderReportReview, withoutLines } from "./render/report-review.ts";
import { renderJointReviews } from "./render/joint-reviews.ts";
import { baseGone, ResultMoved } from "./final-ended.ts";
import { type GuardWorld, passGuards, showLine } from "./final-guards.ts";
import { type BaseNow, type FinalLine, ownLine } from "./final-line.ts";
import { renderBase } from "./render/base.ts";
import { proveHunks } from "./prove-hunks.ts";
import { sign, type Signed, signedOf } from "./sign.ts";

export interface FinishWorld extends GuardWorld {
  effects: Effects;
  /** What the pull request changes, for a run on one. */
  pullDiff: readonly FileDiff[] | null;
  /** False for a run on a fork's pull request: it is read, never built upon. */
  writable: boolean;
  /** The repository's own words for pull requests; null when it has none. */
  template: () => Promise<string | null>;
  /** Which changes touched the same places. */
  meetings: (publications: Publications) => Promise<Meeting[]>;
  /** The synthesizer's words about the facts; null when it failed. */
  synthesize: (
    publications: Publications,
  ) => Promise<{ title: string; summary: string; risks: string } | null>;
}

/** On a pull request, findings that the script reported go to their lines, in one review. */
async function postReport(
  { forge, clock, onWait, pullDiff }: FinishWorld,
  run: LiveRun,
  { publications, signal }: { publications: Publications; signal: AbortSignal },
): Promise<void> {
  const { id, thread, base } = run.record();
  if (pullDiff === null || base === null) return;
  const review = renderReportReview(id, {
    commit: base.commit,
    value: publications.report?.value,
    diff: pullDiff,
  });
  if (review === null) return;
  await patiently({ clock, signal, onWait }, async () => {
    const known = await forge.findReview(thread, reviewMarker(id, REPORT_REVIEW));
    if (known === null) await createReview(forge, thread, review);
  });
}

/** One line that GitHub cannot place refuses the whole review; then everything goes into its body. */
async function createReview(forge: Forge, thread: number, review: NewReview): Promise<void> {
  try {
    await forge.createReview(thread, review);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.kind !== "refused") throw error;
    await forge.createReview(thread, withoutLines(review));
  }
}

/**
 * Publishes what the trunk holds. Null when nothing was folded in: then there is nothing to propose. `waits` when a person
 * is asked first; the run is finished anew when they have answered.
 */
export async function finishRun(
  world: FinishWorld,
  run: LiveRun,
  signal: AbortSignal,
): Promise<PullRequest | Proposal | "waits" | null> {
  const base = run.record().base;
  if (base === null) throw new Error("A run without a base cannot be finished.");
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    patiently({ clock: world.clock, signal, onWait: world.onWait }, work);
  const known = signedOf(run);
  await world.publisher.flush(signal);
  const publications = publicationsOf(base.commit, run.entries(), run.record().settings);
  const { folds } = publications.ledger;
  await world.effects.settle(run.record(), publications, signal);
  await postReport(world, run, { publications, signal });
  if (folds.length === 0 || !world.writable) return null;
  const passed = known ?? (await passGuards(world, run, { folds, signal }));
  if (passed === "waits") return passed;
  const synthesis = await world.synthesize(publications);
  const title = synthesis?.title ?? run.record().script?.title ?? run.record().task;
  const signed =
    "head" in passed
      ? passed
      : await sign(world, {
          run,
          publications,
          line: await showLine(world, run, { drawn: passed, folds, signal }),
          title,
          attempt,
        });
  const line = signed.line ?? ownLine(base.commit, folds, UNMOVED);
  await attempt(() => moveResult(world, run, { from: line.tip, to: signed.head }));
  // Read anew: whoever wrote the words is paid for as well.
  const all = publicationsOf(base.commit, run.entries(), run.record().settings);
  return await openFinal(world, run, {
    publications: all,
    synthesis,
    line,
    signed,
    attempt,
    signal,
  });
}

const UNMOVED: BaseNow = { kind: "unmoved" };

type Attempt = <T>(work: () => Promise<T>) => Promise<T>;

interface Opening {
  publications: Publications;
  synthesis: Awaited<ReturnType<FinishWorld["synthesize"]>>;
  line: FinalLine;
  signed: Signed;
  attempt: Attempt;
  signal: AbortSignal;
}

async function openFinal(
  world: FinishWorld,
  run: LiveRun,
  { publications, synthesis, line, signed, attempt, signal }: Opening,
): Promise<PullRequest | Proposal> {
  const { id, base } = run.record();
  const branch = base?.branch ?? "";
  const now = line.base;
  if (now.kind === "gone") throw baseGone(branch, { run: id, result: resultBranchOf(id) });
  const said = renderBase(run.record(), now);
  if (said !== null) run.see({ kind: "logged", message: said });
  const counts = await world.mirror.lineCounts(line.on, line.tip);
  const given = { line, signed, publications, counts, signal };
  const body = renderFinalPull({
    record: run.record(),
    moved: said,
    publications,
    synthesis,
    report: renderReportOf(run.record(), publications.report?.value),
    pulls: world.effects.pulls,
    meetings: await world.meetings(publications),
    counts,
    provenance: await proveHunks(world, run, given),
    template: await world.template(),
  });
  if (!run.record().opensPull) return await propose(world, run, { ...body, publications });
  const pull = await attempt(() => ensureFinalPull(world.forge, run, { base: branch, ...body }));
  const commit = pull.head.sha;
  for (const { key, review } of renderJointReviews(id, publications, commit)) {
    await attempt(() => ensureJointReview(world.forge, { run, pull, key }, review));
  }
  await run.update({ finalPull: { number: pull.number, url: pull.url } });
  run.setUrl(pull.url);
  return pull;
}

export type Proposal = NonNullable<RunRecord["proposal"]>;

/** The branch is the result: whoever wants a pull request opens it by a click. */
async function propose(
  { forge }: FinishWorld,
  run: LiveRun,
  { title, body, publications }: { title: string; body: string; publications: Publications },
): Promise<Proposal> {
  const { id } = run.record();
  const branch = resultBranchOf(id);
  const reviews = renderJointReviews(id, publications, "").map(({ review }) => review);
  const proposal = {
    branch,
    url: forge.pageOf(comparisonOf(run.record(), { title, body })),
    text: proposalText(body, reviews),
  };
  await run.update({ proposal });
  return proposal;
}

async function moveResult(
  world: FinishWorld,
  run: LiveRun,
  { from, to }: { from: Oid; to: Oid },
): Promise<void> {
  const branch = resultBranchOf(run.record().id);
  world.publisher.releaseResult();
  const moved = await world.forge.moveRefs([{ ref: branchRef(branch), from, to, force: true }]);
  if (!moved) throw new ResultMoved(branch, to);
}

async function ensureFinalPull(
  forge: Forge,
  run: LiveRun,
  { base, title, body }: { base: string; title: string; body: string },
): Promise<PullRequest> {
  const head = resultBranchOf(run.record().id);
  const known = await forge.findPullRequest(head);
  return known ?? forge.createPullRequest({ head, base, title, body, draft: true });
}

/** What was said of writers without a pull request of their own stands on the final one. */
async function ensureJointReview(
  forge: Forge,
  { run, pull, key }: { run: LiveRun; pull: PullRequest; key: string },
  review: NewReview,
): Promise<void> {
  const known = await forge.findReview(pull.number, reviewMarker(run.record().id, key));
  if (known === null) await forge.createReview(pull.number, review);
}
