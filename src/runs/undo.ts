// Takes back what a run made on GitHub: pull requests closed, refs deleted, words hidden; what has to stay is named.

import { branchRef, resultBranchOf } from "../repo/refs.ts";
import type { Forge } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { House } from "./house.ts";
import { standing } from "./leftovers.ts";
import type { LiveRun } from "./live.ts";
import { runMarker, runWords, stateRefOf } from "./names.ts";
import { patiently } from "./patience.ts";
import { publicationsOf } from "./publications.ts";
import type { RunRecord, Undone } from "./record.ts";
import { renderProgress } from "./render/progress.ts";
import * as stays from "./render/undo.ts";
import { lookAt, removeRefs } from "./tidy.ts";

/** Does nothing unless somebody asked for it and it is not done. May be cut short anywhere: it begins again and finds what is left. */
export async function undoRun(house: House, run: LiveRun, signal: AbortSignal): Promise<void> {
  const { undo, repository, id } = run.record();
  if (undo === null || undo.done !== null) return;
  const { clock, log } = house.world;
  const forge = await house.world.openForge(repository);
  const attempt: Attempt = (work) =>
    patiently({ clock, signal, onWait: () => () => undefined }, work);
  const parts = await attempt(() => house.migrations.takeBack(repository, id));
  const pulls = await pullsOf(forge, run, attempt);
  const closed = await closeAll(forge, { run, pulls: pulls.ours }, attempt);
  const used = pulls.theirs.filter(({ state }) => state === "open");
  const isState = (ref: string): boolean => ref === stateRefOf(id);
  const refs = await removeAll(house, run, { stay: isState, used, attempt, signal });
  const words = await hideAll(forge, run, { pulls: pulls.ours, attempt });
  const done: Undone = {
    at: clock.now(),
    pulls: closed.closed,
    refs: refs.count + refs.kept,
    hidden: words.count,
    parts: parts.parts,
    stays: [...closed.stays, ...stays.ofParts(parts), ...refs.stays, ...words.stays],
  };
  await tellUndone(house, run, { undo: { ...undo, done }, forge, attempt });
  // The checkpoint goes last: where this machine is lost with its disk, another one finds in it what is still to be undone.
  const stay = (ref: string): boolean => !isState(ref);
  await removeAll(house, run, { stay, used, attempt, signal });
  await run.update({ undo: { ...undo, done }, tidyAt: null });
  log.info({ run: id, pulls: done.pulls.length, refs: done.refs }, "undid a run");
}

type Attempt = <T>(work: () => Promise<T>) => Promise<T>;

interface Pulls {
  ours: PullRequest[];
  /** Opened by somebody else from a branch of ours. */
  theirs: PullRequest[];
}

async function pullsOf(forge: Forge, run: LiveRun, attempt: Attempt): Promise<Pulls> {
  const { id, base, saved } = run.record();
  const publications =
    base === null ? null : publicationsOf(base.commit, run.entries(), run.record().settings);
  const workers = (publications?.workers ?? []).filter(({ hasPull }) => hasPull);
  const made = publications === null ? [] : [resultBranchOf(id)];
  const saves = saved.map(({ branch }) => branch);
  const pulls: Pulls = { ours: [], theirs: [] };
  for (const branch of [...made, ...workers.map(({ change }) => change.branch), ...saves]) {
    const pull = await attempt(() => forge.findPullRequest(branch));
    if (pull === null) continue;
    const isOurs = [runMarker(id), runWords(id)].some((mark) => pull.body.includes(mark));
    pulls[isOurs ? "ours" : "theirs"].push(pull);
  }
  return pulls;
}

async function closeAll(
  forge: Forge,
  { run, pulls }: { run: LiveRun; pulls: readonly PullRequest[] },
  attempt: Attempt,
): Promise<{ closed: number[]; stays: string[] }> {
  const { id, undo } = run.record();
  const own = resultBranchOf(id);
  for (const pull of pulls.filter(({ state }) => state === "open")) {
    const body = `${stays.closedBecause(id, undo?.by.login ?? "")}\n\n${pull.body}`.slice(
      0,
      65_000,
    );
    await attempt(() => forge.editPullRequest(pull.number, { state: "closed", body }));
  }
  // A worker's pull request counts as merged once its change is in the run's own branch, which is taken back as a whole.
  const merged = pulls.filter((pull) => pull.merged && pull.base.ref !== own);
  return {
    closed: pulls.filter((pull) => !merged.includes(pull)).map(({ number }) => number),
    stays: merged.map(stays.mergedPull),
  };
}

interface Removing {
  /** Refs that are not deleted yet. */
  stay: (ref: string) => boolean;
  used: readonly PullRequest[];
  attempt: Attempt;
  signal: AbortSignal;
}

/** Looks again when a branch moves in the very moment in which it is deleted. */
async function removeAll(
  house: House,
  run: LiveRun,
  { stay, used, attempt, signal }: Removing,
): Promise<{ count: number; kept: number; stays: string[] }> {
  const isUsed = (ref: string): boolean => used.some(({ head }) => branchRef(head.ref) === ref);
  for (;;) {
    const { ours, moved } = standing(await attempt(() => lookAt(house, run)));
    const wanted = ours.filter(([ref]) => !isUsed(ref));
    const remove = wanted
      .filter(([ref]) => !stay(ref))
      .map(([ref, from]) => ({ ref, from, to: null }));
    if (await removeRefs(house, run, { remove, signal })) {
      const left = [...moved.map(stays.movedRef), ...used.map(stays.usedBranch)];
      return { count: remove.length, kept: wanted.length - remove.length, stays: left };
    }
  }
}

/** The run's own comment is not hidden: it tells what came of the undoing. */
async function hideAll(
  forge: Forge,
  run: LiveRun,
  { pulls, attempt }: { pulls: readonly PullRequest[]; attempt: Attempt },
): Promise<{ count: number; stays: string[] }> {
  const { id, thread } = run.record();
  const places = new Set([thread, ...pulls.map(({ number }) => number)]);
  const left: string[] = [];
  let count = 0;
  for (const place of places) {
    try {
      count += await attempt(() => forge.hide(place, runWords(id)));
    } catch (error) {
      if (!(error instanceof ForgeError) || error.kind === "unreachable") throw error;
      left.push(stays.shownWords(place, error.message));
    }
  }
  return { count, stays: left };
}

async function tellUndone(
  house: House,
  run: LiveRun,
  { undo, forge, attempt }: { undo: RunRecord["undo"]; forge: Forge; attempt: Attempt },
): Promise<void> {
  const record = { ...run.record(), undo };
  const { id, thread } = record;
  const body = renderProgress({
    record,
    view: run.view,
    workers: [],
    pulls: new Map(),
    isLeftAlone: () => false,
    held: null,
    script: run.script(),
    report: null,
    now: house.world.clock.now(),
    pageOf: ({ branch }) => forge.pageOf({ branch }),
    checkpointRef: stateRefOf(id),
  });
  try {
    await attempt(async () => {
      const known = await forge.findComment(thread, runMarker(id));
      if (known === null) await forge.createComment(thread, body);
      else await forge.editComment(known.id, body);
    });
  } catch (error) {
    if (!(error instanceof ForgeError) || error.kind === "unreachable") throw error;
    house.world.log.warn({ run: id, error: error.message }, "an undone run could not be told of");
  }
}
