// An ended run, run again: the same task on the same commit, and every answer that holds is reused, not paid for twice.

import { RunRefused, type RetryRequest } from "../command/run-desk.ts";
import type { CallEnded, Entry } from "../engine/journal.ts";
import { renderClosed } from "../settings/render.ts";
import { applyRecord, type Ledger } from "../steps/ledger.ts";
import { agentsOf, StepRecord } from "../steps/records.ts";
import { type Earlier, NOTHING_EARLIER } from "../steps/earlier.ts";
import { earlierOf, free } from "./earlier-of.ts";
import { settingsOn } from "./fork.ts";
import { type House } from "./house.ts";
import { isAlive, type LiveRun, liveRun, loadRun } from "./live.ts";
import { placeOf } from "./names.ts";
import { deliveryNow, noteBegun } from "./notes.ts";
import { nothingYet } from "./nothing-yet.ts";
import { isOwn } from "./own-entries.ts";
import type { RunRecord } from "./record.ts";
import { code, money } from "./render/text.ts";
import { SealBroken } from "./seal.ts";
import { runFolder } from "./store.ts";
import { takeUp } from "./take-up.ts";
import { workRefsOf } from "./work-refs.ts";
import { settingsOfRun } from "../settings/kept.ts";
import type { RepositoryRef } from "../world/forge.ts";

interface Asked {
  request: RetryRequest;
  runs: readonly LiveRun[];
}

/** On disk when it resolves. Rejects with `RunRefused` when there is nothing to run again. */
export async function retryRun(house: House, id: string, asked: Asked): Promise<LiveRun> {
  const { request } = asked;
  const now = await house.rules.toBegin(request.repository);
  if (now.closed !== null) throw new RunRefused(renderClosed(now, request.repository));
  const old = await endedRun(house, asked);
  const record = old.record();
  const settings = settingsOn(settingsOfRun(now.effective.settings), record.base);
  mustBeWorthIt(record);
  const wantedUsd = request.budgetUsd ?? record.limits.budgetUsd ?? settings["budget.run"];
  const budgetUsd = Math.min(wantedUsd, settings["budget.most"]);
  const agents = Math.min(record.limits.agents, settings["limits.agents"]);
  const isAuthored = record.script?.origin === "authored";
  const script = isAuthored ? old.script() : null;
  const folder = runFolder(house.world.disk, id);
  const fresh: RunRecord = {
    ...record,
    id,
    said: request.said,
    delivery: deliveryNow(),
    // A person who asks for it again asks for the workflow as it is now.
    occasion: record.occasion === null ? null : { ...record.occasion, script: null },
    requester: request.requester,
    line: request.line,
    limits: { agents, budgetUsd, hours: record.limits.hours },
    settings,
    notes: [noteOf(record, budgetUsd, wantedUsd)],
    script: isAuthored ? record.script : null,
    waitsForApproval: false,
    retryOf: record.id,
    ...nothingYet(house.world.clock.now()),
  };
  if (script !== null) await folder.writeScript(script);
  await folder.writeRecord(fresh);
  await noteBegun(house, fresh);
  return liveRun(folder, { record: fresh, script, entries: [] });
}

function noteOf({ id }: RunRecord, budgetUsd: number, wantedUsd: number): string {
  const cut =
    budgetUsd < wantedUsd ? ` Its cap is ${money(budgetUsd)}: \`budget.most\` allows no more.` : "";
  return `Run ${code(id)} again, on the same commit: what it has answered is reused and costs nothing; what failed and what is new is performed, and edits are folded in anew.${cut}`;
}

async function endedRun(house: House, { request, runs }: Asked): Promise<LiveRun> {
  const { repository, thread } = request;
  const here = runs.filter(
    (run) => run.record().repository.repositoryId === repository.repositoryId,
  );
  const named = request.run ?? newestEnded(here, thread)?.record().id ?? null;
  if (named === null) {
    throw new RunRefused(
      "😕 No run of this thread has ended, so there is none to run again. `/workflow list` shows the runs of this repository.",
    );
  }
  const run =
    here.find((each) => each.record().id === named) ??
    (await loadRun(runFolder(house.world.disk, named)));
  if (run === null || run.record().repository.repositoryId !== repository.repositoryId) {
    throw new RunRefused(
      `😕 This repository has no run ${code(named)} that I know. Nothing was started. \`/workflow list\` shows its runs.`,
    );
  }
  if (isAlive(run)) {
    throw new RunRefused(
      `😕 Run ${code(named)} has not ended, so nothing was started. \`/workflow status\` shows where it stands.`,
    );
  }
  if (run.record().thread !== thread) {
    const command = code(`/workflow retry ${named}`);
    throw new RunRefused(
      `😕 Run ${code(named)} belongs to #${run.record().thread}. Nothing was started. Write ${command} there.`,
    );
  }
  return run;
}

function newestEnded(runs: readonly LiveRun[], thread: number): LiveRun | undefined {
  return runs
    .filter((run) => run.record().thread === thread && !isAlive(run))
    .toSorted((one, other) => other.record().createdAt - one.record().createdAt)[0];
}

/** A saved workflow may be another one by now; a script that was written for its task is what it was. */
function mustBeWorthIt({ id, base, status, script, undo }: RunRecord): void {
  if (base === null) {
    throw new RunRefused(
      `😕 Run ${code(id)} ended before anything ran, so there is nothing to reuse. Post its command again.`,
    );
  }
  const stands = undo?.done == null;
  if (status === "completed" && script?.origin === "authored" && stands) {
    throw new RunRefused(
      `😕 Nothing failed in run ${code(id)}, so there is nothing to run again. To do it anew, post its command again.`,
    );
  }
}

/** What a run may reuse of the one it runs again; nothing once it is built on another commit. */
export async function reusableFor(
  house: House,
  run: LiveRun,
): Promise<{ entries: Entry[]; earlier: Earlier }> {
  const { retryOf, base, repository } = run.record();
  const nothing = { entries: [], earlier: NOTHING_EARLIER };
  if (retryOf === null || base === null) return nothing;
  const old = await furthest(house, { ref: repository, id: retryOf });
  if (old === null || old.record().base?.commit !== base.commit) return nothing;
  const { mirror } = await house.site(repository);
  await mirror.fetchAll([...(await workRefsOf(mirror, retryOf)).keys()]);
  const reusable: Entry[] = [];
  for (const entry of old.entries()) {
    const own = entry.kind === "call-ended" ? ownEntryOf(entry, run.record()) : null;
    if (own !== null && (await areKept(mirror, own))) reusable.push(own);
  }
  return { entries: reusable, earlier: await earlierOf(old, { run: run.record(), mirror }) };
}

/** The run as another machine may have ended it; where its checkpoint is not to be trusted, as it is on this disk. */
async function furthest(
  house: House,
  named: { ref: RepositoryRef; id: string },
): Promise<LiveRun | null> {
  try {
    return await takeUp(house, named);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    house.world.log.warn(
      { run: named.id, error },
      "a checkpoint cannot be read; its run is reused as it is on this disk",
    );
    return await loadRun(runFolder(house.world.disk, named.id));
  }
}

/**
 * Steps note what they did themselves; of what was not performed again the ledger hears here. None of it moves the trunk, so
 * the place among what is performed does not matter.
 */
export function noteReused(
  ledger: Ledger,
  reuse: readonly Entry[],
): (fresh: readonly Entry[]) => void {
  const reused = new Set(
    reuse.flatMap((entry) => (entry.kind === "call-ended" ? [entry.record] : [])),
  );
  return (fresh) => {
    for (const entry of fresh) {
      if (entry.kind !== "call-ended" || entry.record === undefined) continue;
      if (reused.has(entry.record)) applyRecord(ledger, StepRecord.parse(entry.record));
    }
  };
}

/** An answer as this run would have it; null for one that has to be given again. */
export function ownEntryOf(
  entry: CallEnded,
  run: Pick<RunRecord, "id" | "settings">,
): CallEnded | null {
  if (isOwn(entry) || entry.outcome?.ok !== true) return null;
  if (entry.record === undefined) return entry;
  const record = StepRecord.parse(entry.record);
  if (!holds(record)) return null;
  const moved = withoutCost(record);
  if (moved.kind !== "changed" && moved.kind !== "revised") return { ...entry, record: moved };
  const branch = placeOf(run)(moved.change.id);
  const { value } = entry.outcome;
  const isChange = typeof value === "object" && value !== null && "branch" in value;
  const outcome = isChange ? { ok: true as const, value: { ...value, branch } } : entry.outcome;
  return { ...entry, outcome, record: { ...moved, change: { ...moved.change, branch } } };
}

/**
 * An answer holds when nobody was missing and it does not depend on what had been folded in by then: folds are made anew, in
 * this run's own order. A person's word was for that run alone.
 */
function holds(record: StepRecord): boolean {
  if (agentsOf(record).some(({ failure }) => failure !== null)) return false;
  switch (record.kind) {
    case "changed":
      return record.fold === null && record.leftOut === null;
    case "reviewed":
    case "verified":
      return record.verdict !== "unverified";
    case "combined":
    case "decided":
    case "checked":
    case "proposed":
      return false;
    case "answered":
    case "revised":
    case "unchanged":
    case "listed":
    case "reported":
      return true;
  }
}

/** It was paid for by the run that it comes from. */
function withoutCost(record: StepRecord): StepRecord {
  if (!("agents" in record)) return record;
  const agents = record.agents.map(free);
  return { ...record, agents };
}

/** A change whose commits were cleared away has to be made again. */
async function areKept(
  mirror: { has: (commit: string) => Promise<boolean> },
  { record }: CallEnded,
): Promise<boolean> {
  const parsed = record === undefined ? null : StepRecord.parse(record);
  if (parsed?.kind !== "changed" && parsed?.kind !== "revised") return true;
  return (await mirror.has(parsed.change.head)) && (await mirror.has(parsed.change.base));
}
