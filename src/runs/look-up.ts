// Answers about one run or saved workflow, from what is on this disk and the default branch; no model is asked.

import { RunRefused, type ThreadRef, type UnreadableRun } from "../command/run-desk.ts";
import { branchRef } from "../repo/refs.ts";
import { checkScript } from "../script/check.ts";
import { findWorkflows } from "../script/saved.ts";
import type { Desk } from "./driver.ts";
import { type LiveRun, loadRun } from "./live.ts";
import { publicationsOf } from "./publications.ts";
import { renderRun, renderWorkflow } from "./render/show.ts";
import { code } from "./render/text.ts";
import { renderWhy } from "./render/why.ts";
import { runFolder } from "./store.ts";
import { summaryOf } from "./summary.ts";
import { unreadableIn } from "./unreadable.ts";

/** A run's facts and script when `what` is an id or nothing, else what the saved workflow of that name does. */
export async function show(state: Desk, thread: ThreadRef, what: string | null): Promise<string> {
  const isRun = what === null || /^wf-[0-9a-v]+$/iu.test(what);
  if (!isRun) return await showWorkflow(state, thread, what);
  const run = await runFor(state, thread, what?.toLowerCase() ?? null);
  const summary = summaryOf(run, state.house.world.clock.now());
  return renderRun({ record: run.record(), script: run.script(), summary });
}

export async function why(
  state: Desk,
  thread: ThreadRef,
  about: { run: string | null; agent: string | null },
): Promise<string> {
  const run = await runFor(state, thread, about.run);
  const record = run.record();
  const publications =
    record.base === null
      ? null
      : publicationsOf(record.base.commit, run.entries(), record.settings);
  const { text, isAnswer } = renderWhy({ record, publications, view: run.view }, about.agent);
  if (!isAnswer) throw new RunRefused(text);
  return text;
}

/** The named run of this repository, or the newest of the thread. */
export async function runFor(
  { runs, house, unreadable }: Desk,
  { repository, thread }: ThreadRef,
  id: string | null,
): Promise<LiveRun> {
  const lost = unreadableIn({ runs, unreadable }, { repository, thread }).find(
    ({ run }) => id === null || run === id,
  );
  const here = [...runs.values()].filter(
    (run) => run.record().repository.repositoryId === repository.repositoryId,
  );
  if (id === null) {
    const [newest] = here
      .filter((run) => run.record().thread === thread)
      .toSorted((one, other) => other.record().createdAt - one.record().createdAt);
    if (newest !== undefined) return newest;
    if (lost !== undefined) throw cannotRead(lost);
    throw new RunRefused(
      "Nothing ran in this thread yet. `/workflow list` shows the runs of this repository.",
    );
  }
  if (lost !== undefined) throw cannotRead(lost);
  const known =
    here.find((run) => run.record().id === id) ?? (await loadRun(runFolder(house.world.disk, id)));
  if (known?.record().repository.repositoryId === repository.repositoryId) return known;
  throw new RunRefused(
    `😕 This repository has no run ${code(id)} that I know. \`/workflow list\` shows its runs.`,
  );
}

const cannotRead = ({ run, why }: UnreadableRun): RunRefused =>
  new RunRefused(`😕 Run ${code(run)} of this thread cannot be read here. ${why}`);

async function showWorkflow(
  { house }: Desk,
  { repository }: ThreadRef,
  wanted: string,
): Promise<string> {
  const forge = await house.world.openForge(repository);
  const { defaultBranch } = await forge.repository();
  const { mirror } = await house.site(repository);
  const commit = await mirror.fetch(branchRef(defaultBranch));
  if (commit === null)
    throw new RunRefused("This repository is empty, so no workflow is saved in it.");
  const snapshot = await mirror.snapshot(commit);
  const { workflows } = await findWorkflows(snapshot, house.settings.workflowsDir);
  const found = workflows.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const checked = found === undefined ? null : checkScript(found.source);
  if (found === undefined || checked === null || !checked.ok) {
    const names = workflows.map(({ name }) => code(name)).join(", ");
    throw new RunRefused(`😕 I know no workflow ${code(wanted)}. There are: ${names}.`);
  }
  return renderWorkflow(found, checked.meta);
}
