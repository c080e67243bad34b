// The last stage of a run: signed commits, the final pull request, the verdict. Every part can be done again after a crash.

import { z } from "zod";

import type { Json } from "../engine/json.ts";
import type { FileDiff, Oid } from "../repo/git-data.ts";
import { branchRef, resultBranchOf } from "../repo/refs.ts";
import type { Clock } from "../world/clock.ts";
import { type Forge, ForgeError, type NewReview, type PullRequest } from "../world/forge.ts";
import type { Effects } from "./effects.ts";
import type { LiveRun } from "./live.ts";
import { reviewMarker } from "./names.ts";
import type { Meeting } from "./meetings.ts";
import { type OnWait, patiently } from "./patience.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import type { Publisher } from "./publisher.ts";
import { renderFinalPull } from "./render/pulls.ts";
import { renderReport } from "./render/report.ts";
import { REPORT_REVIEW, renderReportReview, withoutLines } from "./render/report-review.ts";
import { renderJointReviews } from "./render/joint-reviews.ts";
import { harmless, inline } from "./render/text.ts";
import { commitMessage } from "../steps/message.ts";

/** The run's own branch was moved by somebody else: it is left as it is. */
export class ResultMoved extends Error {
  override readonly name = "ResultMoved";
}

export interface FinishWorld {
  forge: Forge;
  clock: Clock;
  effects: Effects;
  publisher: Publisher;
  onWait: OnWait;
  /** What the pull request changes, for a run on one. */
  pullDiff: readonly FileDiff[] | null;
  /** False for a run on a fork's pull request: it is read, never built upon. */
  writable: boolean;
  /** Where the branch that was built upon is now; null when it is gone. */
  tipOfBase: () => Promise<Oid | null>;
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

const SIGNED_STEP = "finish:signed";
const Signed = z.object({ head: z.string(), commits: z.int(), verified: z.int() });
type Signed = z.infer<typeof Signed>;

/** Publishes what the trunk holds. Returns null when nothing was folded in: then there is nothing to propose. */
export async function finishRun(
  world: FinishWorld,
  run: LiveRun,
  signal: AbortSignal,
): Promise<PullRequest | null> {
  const base = run.record().base;
  if (base === null) throw new Error("A run without a base cannot be finished.");
  const signedBefore = signedOf(run);
  await world.publisher.flush(signal);
  const publications = publicationsOf(base.commit, run.entries());
  await world.effects.settle(run.record(), publications, signal);
  await postReport(world, run, { publications, signal });
  if (publications.ledger.folds.length === 0 || !world.writable) return null;
  const synthesis = await world.synthesize(publications);
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    patiently({ clock: world.clock, signal, onWait: world.onWait }, work);
  const signed = signedBefore ?? (await sign(world, { run, publications, attempt }));
  await attempt(() => moveResult(world, run, { from: publications.ledger.trunk, to: signed.head }));
  const tip = await attempt(world.tipOfBase);
  const body = renderFinalPull({
    record: run.record(),
    movedTo: tip === null || tip === base.commit ? null : tip,
    publications,
    synthesis,
    report: renderReport(publications.report?.value),
    pulls: world.effects.pulls,
    meetings: await world.meetings(publications),
  });
  const pull = await attempt(() =>
    ensureFinalPull(world.forge, run, { base: base.branch, ...body }),
  );
  const commit = pull.head.sha;
  for (const { key, review } of renderJointReviews(run.record().id, publications, commit)) {
    await attempt(() => ensureJointReview(world.forge, { run, pull, key }, review));
  }
  await run.update({ finalPull: { number: pull.number, url: pull.url } });
  run.setUrl(pull.url);
  return pull;
}

/** The signed commits of an earlier process: from then on no push touches the run's own branch. */
export function signedOf(run: LiveRun): Signed | null {
  const entry = run
    .entries()
    .find(({ step, kind }) => kind === "call-ended" && step === SIGNED_STEP);
  if (entry?.kind !== "call-ended" || entry.outcome?.ok !== true) return null;
  return Signed.parse(entry.outcome.value);
}

interface Work {
  run: LiveRun;
  publications: Publications;
  attempt: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One commit a folded change, made by GitHub as the App so that it is Verified, without the workers' skip marks. */
async function sign(world: FinishWorld, { run, publications, attempt }: Work): Promise<Signed> {
  const { ledger } = publications;
  let parent: Oid = ledger.base;
  let verified = 0;
  for (const fold of ledger.folds) {
    const change = ledger.changes.get(fold.change);
    const message = commitMessage({
      run: run.record().id,
      requester: run.record().requester,
      worker: fold.change,
      title: inline(change?.summary ?? fold.change, 72),
      body: change === undefined ? "" : harmless(change.summary),
      skipCi: false,
    });
    const parents = [parent];
    const made = await attempt(() =>
      world.forge.createCommit({ message, tree: fold.tree, parents }),
    );
    parent = made.sha;
    verified += made.verified ? 1 : 0;
  }
  const signed = { head: parent, commits: ledger.folds.length, verified };
  // In the journal before anything points at it: a crash from here on moves to the same commits.
  await run.append([
    {
      v: 1,
      kind: "call-ended",
      key: SIGNED_STEP,
      step: SIGNED_STEP,
      outcome: { ok: true, value: signed satisfies Json },
      at: world.clock.now(),
    },
  ]);
  return signed;
}

async function moveResult(
  world: FinishWorld,
  run: LiveRun,
  { from, to }: { from: Oid; to: Oid },
): Promise<void> {
  const branch = resultBranchOf(run.record().id);
  world.publisher.releaseResult();
  const moved = await world.forge.moveRefs([{ ref: branchRef(branch), from, to, force: true }]);
  if (!moved) {
    throw new ResultMoved(
      `Somebody moved \`${branch}\`, so it is left as it is. The signed commits are at \`${to}\`: make a branch of them to go on.`,
    );
  }
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
