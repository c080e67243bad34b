// Before a final line is signed: what it changes is held against protected paths and limits, and GitHub gets its trees.

import { caseTwins } from "../repo/case-twins.ts";
import type { Mirror } from "../repo/contract.ts";
import type { LineCount } from "../repo/line-counts.ts";
import type { Oid } from "../repo/git-data.ts";
import { branchRef, resultBranchOf } from "../repo/refs.ts";
import { RemoteError } from "../repo/remote.ts";
import type { Decision } from "../steps/context.ts";
import type { Fold } from "../steps/records.ts";
import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import { openingQuestion, reasonsToAsk, twinReasons } from "./ask-first.ts";
import { holdsAll, notOpened, protectedTouched, ResultMoved } from "./final-ended.ts";
import {
  drawLine,
  type Drawn,
  type FinalLine,
  type LineWorld,
  ownLine,
  protectedIn,
} from "./final-line.ts";
import type { LiveRun } from "./live.ts";
import { type OnWait, patiently } from "./patience.ts";
import { pushOnce } from "./push-in-groups.ts";
import type { Publisher } from "./publisher.ts";
import { decide, EXPIRED, openQuestions } from "./questions.ts";
import { noteTip } from "./shown-tips.ts";
import { squashed } from "./sign.ts";

export interface GuardWorld extends LineWorld {
  forge: Forge;
  clock: Clock;
  publisher: Publisher;
  onWait: OnWait;
  /** Resolves when the repository may be pushed to. */
  turn: (signal: AbortSignal) => Promise<void>;
}

const HOUR_MS = 60 * 60_000;

/** `waits` when a person has to say whether it may be opened. Throws `FinalEnded` when it must not or need not be. */
export async function passGuards(
  world: GuardWorld,
  run: LiveRun,
  { folds, signal }: { folds: readonly Fold[]; signal: AbortSignal },
): Promise<Drawn | "waits"> {
  const { clock, onWait } = world;
  const drawn = await patiently({ clock, onWait, signal }, () => drawLine(world, run, folds));
  const { base, settings } = run.record();
  const now = drawn.line.base;
  if (now.kind === "holds-all") throw holdsAll(base?.branch ?? "", now);
  const touched = protectedIn(run.record(), drawn.counts);
  if (touched.length > 0) throw protectedTouched(touched);
  const twins = await twinsIn(world.mirror, { tip: drawn.line.tip, counts: drawn.counts });
  const reasons = [...reasonsToAsk(drawn.counts, settings), ...twinReasons(twins)];
  if (reasons.length === 0) return drawn;
  const trunk = folds.at(-1)?.commit ?? "";
  return (await isWanted(world, run, { reasons, trunk, signal })) ? drawn : "waits";
}

/** Changes fold cleanly when each adds a name that differs only in case from what another one added. */
export async function twinsIn(
  mirror: Pick<Mirror, "snapshot">,
  { tip, counts }: { tip: Oid; counts: readonly LineCount[] },
): Promise<ReturnType<typeof caseTwins>> {
  const added = counts.filter(({ isNew }) => isNew).map(({ path }) => path);
  return added.length === 0 ? [] : caseTwins(added, await (await mirror.snapshot(tip)).paths());
}

/** The same question for the same work, wherever its branch moves meanwhile; false while nobody has answered. */
async function isWanted(
  world: GuardWorld,
  run: LiveRun,
  { reasons, trunk, signal }: { reasons: readonly string[]; trunk: Oid; signal: AbortSignal },
): Promise<boolean> {
  const { id, settings } = run.record();
  const questions = openQuestions(world, run);
  const expiresMs = settings["approval.expiresHours"] * HOUR_MS;
  const text = openingQuestion(reasons);
  const asked = await questions.ask({ key: `finish:open:${trunk}`, text, expiresMs }, signal);
  const decision = asked.decision ?? (await expiryOf(world, run, asked.id));
  if (decision === null) return false;
  await questions.close(asked.id, signal);
  if (decision.approved) return true;
  throw notOpened(id, decision);
}

async function expiryOf({ clock }: GuardWorld, run: LiveRun, id: string): Promise<Decision | null> {
  const question = run.record().questions.find((each) => each.id === id);
  if (question === undefined || clock.now() < question.expiresAt) return null;
  return await decide(run, id, EXPIRED);
}

/**
 * The line as it is to be signed, once GitHub knows its trees. Those of a line that was put on another commit are pushed to
 * the run's own branch, which goes forward to it; where GitHub refuses that, the line stays where it was made.
 */
export async function showLine(
  world: GuardWorld,
  run: LiveRun,
  { drawn: { line }, folds, signal }: { drawn: Drawn; folds: readonly Fold[]; signal: AbortSignal },
): Promise<FinalLine> {
  const { base, settings } = run.record();
  const shape = settings["pull.commits"] === "squash" ? squashed : (same: FinalLine) => same;
  const now = line.base;
  if (now.kind !== "on-top" || base === null) return shape(line);
  if (
    await pushTip(world, run, { from: folds.at(-1)?.commit ?? base.commit, to: line.tip, signal })
  )
    return shape(line);
  const { to, isRewritten } = now;
  const why = "push-refused";
  const paths = { shown: [], all: 0 };
  return shape(ownLine(base.commit, folds, { kind: "stays", to, isRewritten, why, paths }));
}

/** False when GitHub takes it not at all. Throws `ResultMoved` when the branch is not where it was left. */
async function pushTip(
  { mirror, publisher, clock, onWait, turn }: GuardWorld,
  run: LiveRun,
  { from, to, signal }: { from: Oid; to: Oid; signal: AbortSignal },
): Promise<boolean> {
  const branch = resultBranchOf(run.record().id);
  publisher.releaseResult();
  await noteTip(run, { tip: to, at: clock.now() });
  await turn(signal);
  try {
    const update = { ref: branchRef(branch), from, to };
    const pushed = await pushOnce({ mirror, clock, turn, onWait }, [update], signal);
    if (pushed.kind === "pushed") return true;
  } catch (error) {
    if (!(error instanceof RemoteError) || error.transient) throw error;
    return false;
  }
  throw new ResultMoved(branch, to);
}
