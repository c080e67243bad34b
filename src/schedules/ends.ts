// Takes what a schedule's runs came to into its report, once for each run, whichever machine drove it.

import { codeOwnersIn } from "../audit/code-owners.ts";
import { emptyLedger, type Ledger } from "../audit/ledger.ts";
import { settle, type Report } from "../audit/settle.ts";
import { limits } from "../config/limits.ts";
import { matcherOf } from "../repo/paths.ts";
import { type Mirror, PathRefused, type Snapshot } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import { branchRef } from "../repo/refs.ts";
import { runMarker } from "../runs/names.ts";
import type { RunOutcome } from "../runs/outcomes.ts";
import type { Schedule } from "../settings/schedule.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { Ground } from "./ground.ts";
import { changeSchedule, type Kit } from "./kit.ts";
import { isLasting } from "./lasting.ts";
import { withNews } from "./news.ts";
import { beginAnew } from "./start.ts";
import { claimWasLost } from "./render/reasons.ts";
import { type Current, type News, type ScheduleState, withEvent } from "./state.ts";
import { isTold, untoldOf, withTold } from "./told.ts";

/** Runs of a schedule whose ends are not in its report yet, the oldest first. */
export async function endedOf(
  kit: Kit,
  ref: RepositoryRef,
  { schedule, state }: { schedule: Schedule; state: ScheduleState },
): Promise<RunOutcome[]> {
  const here = (await kit.desk.scheduled(ref)).filter(
    ({ occasion }) => occasion?.schedule === schedule.name,
  );
  const { current } = state;
  const isMissing = current !== null && here.every(({ run }) => run !== current.run);
  const elsewhere = isMissing ? await lookElsewhere(kit, ref, { schedule, state }) : null;
  return untoldOf(state, elsewhere === null ? here : [...here, elsewhere]);
}

/** Another process has it, or died before it began: then it is begun here. */
async function lookElsewhere(
  kit: Kit,
  ref: RepositoryRef,
  { schedule, state: { current } }: { schedule: Schedule; state: ScheduleState },
): Promise<RunOutcome | null> {
  const { clock } = kit.house.world;
  if (current === null || clock.now() < current.claimedAt + limits.schedule.claimMs) return null;
  const outcome = await kit.desk.outcome(ref, current.run);
  if (outcome !== null) return outcome;
  if (clock.now() > current.tick + limits.schedule.lateMs) {
    await giveBack(kit, ref, { name: schedule.name, current });
    return null;
  }
  const forge = await kit.house.world.openForge(ref);
  await beginAnew(kit, { ref, forge }, { schedule, current });
  return null;
}

/** What was claimed and never begun is too late by now, as any moment that is missed. */
export async function giveBack(
  kit: Kit,
  ref: RepositoryRef,
  { name, current }: { name: string; current: Current },
): Promise<void> {
  const at = kit.house.world.clock.now();
  const news: News = { run: current.run, hasReport: false, isFresh: false };
  await changeSchedule(kit, { ref, name }, (now) =>
    now.current?.run !== current.run
      ? null
      : withEvent(withNews({ ...now, current: null }, news), {
          at,
          what: "missed",
          detail: claimWasLost,
        }),
  );
}

/** Once for each run: the book says which are in the report. */
export async function takeEnd(
  kit: Kit,
  ground: Ground,
  { name, outcome }: { name: string; outcome: RunOutcome },
): Promise<void> {
  const at = outcome.endedAt ?? kit.house.world.clock.now();
  await hideEarlier(kit, ground, { name, outcome });
  const { schedules } = await kit.book.known(ground.ref);
  const before = schedules.get(name)?.ledger ?? emptyLedger;
  const report = await reportOf(ground, { outcome, at, before });
  await changeSchedule(kit, { ref: ground.ref, name }, (state) => {
    if (isTold(state, outcome)) return null;
    const { current } = state;
    const isCurrent = current?.run === outcome.run;
    const isDone = outcome.state === "completed";
    const scope = isCurrent ? current.scope : (state.last?.scope ?? "");
    const ledger = report === null ? state.ledger : settle(state.ledger, report);
    return withEvent(
      {
        ...withNews(state, newsOf(outcome.run, report, ledger)),
        ...withTold(state, outcome),
        current: isCurrent ? null : current,
        last: isDone
          ? { run: outcome.run, at: outcome.occasion?.tick ?? outcome.createdAt, scope }
          : state.last,
        lastPull: outcome.finalPull ?? state.lastPull,
        ledger,
      },
      { at, what: "ended", detail: endOf(outcome), run: outcome.run },
    );
  });
}

function newsOf(run: string, report: Report | null, { rounds }: Ledger): News {
  const hasReport = report !== null;
  return { run, hasReport, isFresh: hasReport && (rounds.at(-1)?.fresh ?? 0) > 0 };
}

/** The newest run's comment is shown; those before it are folded away as outdated, where that can be done. */
async function hideEarlier(
  kit: Kit,
  { ref, forge }: Ground,
  { name, outcome }: { name: string; outcome: RunOutcome },
): Promise<void> {
  const state = (await kit.book.known(ref)).schedules.get(name);
  const before = state?.told.at(-1);
  if (state?.issue == null || before === undefined || before === outcome.run) return;
  try {
    await forge.hide(state.issue, runMarker(before));
  } catch (error) {
    // Somebody may have deleted the issue, and what is there no more is in nobody's way.
    if (!isLasting(error)) throw error;
    const fields = { repository: `${ref.owner}/${ref.name}`, schedule: name, run: before };
    const consequence = "the comment of an earlier run could not be folded away and stays in sight";
    kit.house.world.log.warn({ ...fields, err: error }, consequence);
  }
}

function endOf({ state, costUsd, finalPull }: RunOutcome): string {
  const cost = costUsd === null ? "" : `, $${costUsd.toFixed(2)}`;
  const pull = finalPull === null ? "" : `, pull request #${finalPull}`;
  return `Ended: ${state}${cost}${pull}.`;
}

/** Null when it reported no findings and no coverage, so that nothing is known of any finding. */
async function reportOf(
  ground: Ground,
  { outcome, at, before }: { outcome: RunOutcome; at: number; before: Ledger },
): Promise<Report | null> {
  const { found, commit, run, state, costUsd } = outcome;
  if (found === null || commit === null) return null;
  const { mirror } = ground;
  if (!(await mirror.has(commit))) await mirror.fetch(branchRef(ground.branch));
  // Somebody rewrote the branch: nothing can be compared with what is not there any more.
  if (!(await mirror.has(commit))) return null;
  const snapshot = await mirror.snapshot(commit);
  const known = before.findings.map(({ path }) => path);
  const named = [...known, ...found.findings.map(({ path }) => path)];
  const texts = await textsOf(snapshot, new Set(named));
  const missing = known.filter((path) => texts.get(path) === null);
  const renamed = await renamedSince(mirror, before, { commit, missing });
  return {
    at,
    run,
    commit,
    costUsd,
    isWhole: state === "completed",
    ...found,
    texts: new Map([...texts, ...(await textsOf(snapshot, new Set(renamed.values())))]),
    renamed,
    ownersOf: await codeOwnersIn(snapshot),
    matches: (glob, path) => matcherOf(glob)(path),
  };
}

/** What files that are missing are called by now; of those that git knows under no other name, nothing. */
async function renamedSince(
  mirror: Mirror,
  { rounds }: Ledger,
  { commit, missing }: { commit: Oid; missing: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const last = rounds.at(-1)?.commit;
  if (missing.length === 0 || last === undefined || !(await mirror.has(last))) return new Map();
  const all = await mirror.renames(last, commit);
  return new Map([...all].filter(([path]) => missing.includes(path)));
}

async function textsOf(
  snapshot: Snapshot,
  paths: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string | null>> {
  const texts = await Promise.all(
    [...paths].map(async (path) => {
      const content = await readNamed(snapshot, path);
      return [path, content === null ? null : content.kind === "text" ? content.text : ""] as const;
    }),
  );
  return new Map(texts);
}

/** A model named the path: one that may not be read is one that is not there. */
async function readNamed(snapshot: Snapshot, path: string): ReturnType<Snapshot["read"]> {
  try {
    return await snapshot.read(path);
  } catch (error) {
    if (error instanceof PathRefused) return null;
    throw error;
  }
}
