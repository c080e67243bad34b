// Makes GitHub show what the journal says: worker pull requests, reviews, verdicts. Level-triggered: each pass finds what
// is there and makes what is missing, so a pass that was cut short is simply run again.

import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import type { CheckRun } from "../world/checks.ts";
import { ForgeError } from "../world/forge-error.ts";
import { resultBranchOf } from "../repo/refs.ts";
import { isBehind } from "../steps/ledger.ts";
import { reviewMarker } from "./names.ts";
import { type OnWait, patiently } from "./patience.ts";
import type { Publications, ReviewPublication, WorkerPublication } from "./publications.ts";
import type { RunRecord } from "./record.ts";
import { checkKey } from "./render/check.ts";
import { reasonFor, renderWorkerPull } from "./render/pulls.ts";
import { renderReview } from "./render/review.ts";
import { inline } from "./render/text.ts";

/** GitHub marks a pull request as merged some seconds after its head became reachable. */
const MERGE_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 16_000];

export interface EffectsWorld {
  forge: Forge;
  clock: Clock;
  onWait: OnWait;
}

/** What a pass must know about branches that people touch. */
export interface BranchesNow {
  signal: AbortSignal;
  /** Somebody moved or deleted this branch of ours: nothing is made for it any more. */
  isLeftAlone: (branch: string) => boolean;
  /** On GitHub, as far as this process has pushed or seen it: a pull request needs both of its branches there. */
  isThere: (branch: string) => boolean;
  /** Looks at GitHub; told after a refusal, since a branch may have been moved a moment ago. */
  hasMoved: (branch: string) => Promise<boolean>;
}

/** What this process has made or found on GitHub for one run. */
export interface Effects {
  /** Pull request by change id. */
  readonly pulls: ReadonlyMap<string, PullRequest>;
  /** Whether the review that the call with this key made stands on GitHub. */
  isPosted(review: string): boolean;
  /** One pass over everything that is owed and whose branch is pushed. */
  apply(record: RunRecord, publications: Publications, branches: BranchesNow): Promise<void>;
  /** At the end: folded ones shown as merged, the others closed with the reason. */
  settle(record: RunRecord, publications: Publications, signal: AbortSignal): Promise<void>;
}

export function openEffects(world: EffectsWorld): Effects {
  const pulls = new Map<string, PullRequest>();
  const done = new Set<string>();
  const once = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    if (done.has(name)) return;
    await work();
    done.add(name);
  };
  const trying =
    (signal: AbortSignal): Attempt =>
    (work) =>
      patiently({ clock: world.clock, signal, onWait: world.onWait }, work);
  const show = showing({ forge: world.forge, pulls, once });
  return {
    pulls,
    isPosted: (review) => done.has(`review ${review}`),
    apply: async (record, publications, branches) => {
      for (const worker of publications.workers.filter(({ hasPull }) => hasPull)) {
        const { branch } = worker.change;
        const result = resultBranchOf(record.id);
        if (branches.isLeftAlone(branch)) continue;
        try {
          const mayCreate =
            branches.isThere(branch) && branches.isThere(result) && !branches.isLeftAlone(result);
          await show({ record, worker, mayCreate }, trying(branches.signal));
        } catch (error) {
          if (!isRefusal(error)) throw error;
          if (!(await branches.hasMoved(branch)) && !(await branches.hasMoved(result))) throw error;
        }
      }
    },
    settle: async (record, publications, signal) => {
      const attempt = trying(signal);
      for (const worker of publications.workers.filter(({ hasPull }) => hasPull)) {
        const pull = pulls.get(worker.change.id);
        if (pull === undefined) continue;
        await once(`settle ${worker.change.id}`, () =>
          attempt(() => settlePull(world, { record, worker, number: pull.number }, signal)),
        );
      }
    },
  };
}

interface Passing {
  forge: Forge;
  pulls: Map<string, PullRequest>;
  once: (name: string, work: () => Promise<unknown>) => Promise<void>;
}

type Attempt = <T>(work: () => Promise<T>) => Promise<T>;

interface Showing {
  record: RunRecord;
  worker: WorkerPublication;
  /** Its branch stands, and the run's own one, into which pull requests go, is as it was left. */
  mayCreate: boolean;
}

/** Everything that is owed for one worker: its pull request, reviews, verdicts and answered threads. */
function showing({ forge, pulls, once }: Passing) {
  return async (shown: Showing, attempt: Attempt): Promise<void> => {
    const { record, worker } = shown;
    const { id } = worker.change;
    const pull = pulls.get(id) ?? (await attempt(() => ensurePull(forge, shown)));
    if (pull === null) return;
    pulls.set(id, pull);
    for (const review of worker.reviews) {
      await once(`review ${review.key}`, () =>
        attempt(() => ensureReviewIfOpen(forge, pull.number, { record, review })),
      );
      await once(`check ${review.key}`, () =>
        attempt(() => forge.putCheckRun(verdictCheck(record, worker, review))),
      );
    }
    for (const { key } of answeredReviews(worker)) {
      const marker = reviewMarker(record.id, key);
      await once(`resolve ${key}`, () => attempt(() => forge.resolveThreads(pull.number, marker)));
    }
  };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ForgeError && (error.kind === "refused" || error.kind === "not-found");

async function ensurePull(
  forge: Forge,
  { record, worker, mayCreate }: Showing,
): Promise<PullRequest | null> {
  const known = await forge.findPullRequest(worker.change.branch);
  if (known !== null || !mayCreate) return known;
  return forge.createPullRequest({
    head: worker.change.branch,
    base: resultBranchOf(record.id),
    ...renderWorkerPull(record, worker),
    draft: true,
  });
}

/** GitHub takes no review of what was pushed after somebody closed it; the run's report has the findings. */
async function ensureReviewIfOpen(...given: Parameters<typeof ensureReview>): Promise<void> {
  try {
    await ensureReview(...given);
  } catch (error) {
    const [forge, pull] = given;
    if (!isRefusal(error) || (await forge.pullRequest(pull)).state === "open") throw error;
  }
}

async function ensureReview(
  forge: Forge,
  pull: number,
  { record, review }: { record: RunRecord; review: ReviewPublication },
): Promise<void> {
  if ((await forge.findReview(pull, reviewMarker(record.id, review.key))) !== null) return;
  const rendered = renderReview(record.id, review);
  try {
    await forge.createReview(pull, rendered);
  } catch (error) {
    if (
      !(error instanceof ForgeError) ||
      error.kind !== "refused" ||
      rendered.comments.length === 0
    )
      throw error;
    // One line that GitHub cannot place refuses the whole review: nothing is lost when all of it goes into the body.
    const reviewed = {
      ...review.reviewed,
      findings: review.reviewed.findings.map((finding) => ({ ...finding, inDiff: false })),
    };
    await forge.createReview(pull, renderReview(record.id, { ...review, reviewed }));
  }
}

function verdictCheck(
  record: RunRecord,
  { change }: WorkerPublication,
  { reviewed }: ReviewPublication,
): CheckRun {
  const conclusion = (
    { accepted: "success", rejected: "failure", unverified: "action_required" } as const
  )[reviewed.verdict];
  const blocking = reviewed.findings.filter(({ severity }) => severity === "blocking").length;
  return {
    name: "fanfold / review",
    headSha: reviewed.head,
    externalId: `${checkKey(record)}/${change.id}/${reviewed.head}`,
    title: `${reviewed.verdict}: ${blocking} blocking, ${reviewed.findings.length - blocking} other findings`,
    summary: `Run \`${record.id}\`, part ${inline(change.label)}. ${reviewed.votes.map(({ lens, vote }) => `${inline(lens, 60)}: ${vote}`).join(", ")}.`,
    conclusion,
  };
}

/** Reviews whose findings a later, accepted look at the change answers: their threads are done. */
function answeredReviews({ change, reviews }: WorkerPublication): ReviewPublication[] {
  if (change.verdict?.verdict !== "accepted" || change.verdict.head !== change.head) return [];
  return reviews.filter(
    ({ reviewed }) => reviewed.head !== change.head && reviewed.verdict === "rejected",
  );
}

async function settlePull(
  { forge, clock }: EffectsWorld,
  { record, worker, number }: { record: RunRecord; worker: WorkerPublication; number: number },
  signal: AbortSignal,
): Promise<void> {
  const { folded } = worker.change;
  const isWhole = folded && !isBehind(worker.change);
  for (const waitMs of isWhole && record.status === "publishing" ? MERGE_WAITS_MS : [0]) {
    await clock.sleep(waitMs, signal);
    const pull = await forge.pullRequest(number);
    if (pull.merged || pull.state === "closed") return;
  }
  const { body } = renderWorkerPull(record, worker);
  await forge.editPullRequest(number, {
    state: "closed",
    body: `${body}\n\n${endOf(record, worker)}`,
  });
}

/** Why it is closed; a run that came to no end of its own says so first. */
function endOf(record: RunRecord, worker: WorkerPublication): string {
  if (worker.change.proposedHead === worker.change.head)
    return "It is proposed by itself, in a pull request of its own.";
  if (worker.change.folded && !isBehind(worker.change)) return "Folded into the run's branch.";
  const ended =
    record.status === "cancelled"
      ? "The run was cancelled. "
      : record.status === "failed"
        ? "The run failed. "
        : "";
  return `${ended}**Not folded in**: ${reasonFor(worker)}. The branch stays, so that nothing is lost.`;
}
