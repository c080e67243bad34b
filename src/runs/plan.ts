// The first stage of a run: pins the base, finds or writes the script, checks it.

import { createHash } from "node:crypto";

import { nearest } from "../command/edit-distance.ts";
import type { Json } from "../engine/json.ts";
import type { Mirror, Snapshot } from "../repo/contract.ts";
import type { FileDiff } from "../repo/git-data.ts";
import { branchRef } from "../repo/refs.ts";
import { parseArgs } from "../script/args.ts";
import { checkScript, renderProblem } from "../script/check.ts";
import { chooseWorkflow } from "../script/choose.ts";
import { findWorkflows, type RefusedWorkflow, type SavedWorkflow } from "../script/saved.ts";
import type { Forge, Repository } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import type { LiveRun } from "./live.ts";
import { branchOf, pin, refOf } from "./pin.ts";
import { PlanRefused } from "./plan-refused.ts";
import type { RunRecord } from "./record.ts";
import { code, fenced, firstLine, inline } from "./render/text.ts";
import { withPlace } from "./spot.ts";
import { steeringNote } from "./steering.ts";

export interface PlanWorld {
  forge: Forge;
  mirror: Mirror;
  workflowsDir: string;
  /** Has a script written for a task; rejects with `PlanRefused` when that fails. */
  author: (task: string) => Promise<{ source: string; title: string }>;
}

/** Where a run stands in the repository. */
export interface Ground {
  repository: Repository;
  base: Snapshot;
  /** Where workflows and rules are read from: the default branch, or a pull request's base; never its head. */
  trusted: Snapshot;
  pull: { number: number; diff: FileDiff[]; writable: boolean } | null;
  /** Refs that both stand on. */
  refs: { base: string; rules: string };
}

/** Where the branches are at this moment; null for one that is gone. */
export async function tipsNow(
  mirror: Mirror,
  { refs }: Ground,
): Promise<{ base: string | null; rules: string | null }> {
  const base = await mirror.fetch(refs.base);
  return { base, rules: refs.rules === refs.base ? base : await mirror.fetch(refs.rules) };
}

/** Pins the base (once; a resumed run keeps its commit) and brings everything needed into the mirror. */
export async function findGround(
  world: Pick<PlanWorld, "forge" | "mirror">,
  run: LiveRun,
): Promise<Ground> {
  const { thread, isPullRequest, baseBranch } = run.record();
  const repository = await repositoryOf(world.forge, run);
  const pull = isPullRequest ? await world.forge.pullRequest(thread) : null;
  const branch = baseBranch ?? branchOf(pull) ?? repository.defaultBranch;
  // A fork's head is a stranger's commit, whatever branch it is compared with: no workflow is read from it.
  const isFork = pull !== null && !pull.head.sameRepository;
  const pinned = await pin(world, run, { branch, pull, repository });
  const base = await world.mirror.snapshot(pinned.commit);
  const trustedBranch = pull?.base.ref ?? repository.defaultBranch;
  // What is run again reads a saved workflow as it is now, on the commit that its answers are about.
  const isBase = trustedBranch === branch && !isFork && run.record().retryOf === null;
  const trusted = isBase ? base : await trustedSnapshot(world.mirror, trustedBranch);
  const refs = { base: refOf({ branch, pull }), rules: branchRef(trustedBranch) };
  return { repository, base, trusted, pull: await readPull(world.mirror, pull, pinned), refs };
}

/** What is written down of it for the checkpoint is kept up to date: who may see a repository changes. */
async function repositoryOf(forge: Forge, run: LiveRun): Promise<Repository> {
  const repository = await forge.repository();
  const isPrivate = repository.private;
  if (run.record().isPrivate !== isPrivate) await run.update({ isPrivate });
  return repository;
}

async function trustedSnapshot(mirror: Mirror, branch: string): Promise<Snapshot> {
  const commit = await mirror.fetch(branchRef(branch));
  if (commit === null) {
    throw new PlanRefused(
      `There is no branch ${code(branch)} to read workflows from. Restore it, then post the command again.`,
    );
  }
  return mirror.snapshot(commit);
}

async function readPull(
  mirror: Mirror,
  pull: PullRequest | null,
  { commit, diffFrom = null }: { commit: string; diffFrom?: string | null | undefined },
): Promise<Ground["pull"]> {
  if (pull === null) return null;
  const diff = diffFrom === null ? [] : await mirror.diff(diffFrom, commit);
  return { number: pull.number, diff, writable: pull.head.sameRepository };
}

/** Finds or writes the script, checks it, and puts both it and what it is into the record. */
export async function planScript(world: PlanWorld, run: LiveRun, ground: Ground): Promise<void> {
  const { task } = run.record();
  const { workflows, refused } = await findWorkflows(ground.trusted, world.workflowsDir);
  for (const { path, reason } of refused)
    run.see({ kind: "logged", message: `${path} is no workflow: ${reason}` });
  const steering = steeringNote(ground);
  if (steering !== null) run.see({ kind: "logged", message: steering });
  const choice = chooseWorkflow(task, workflows);
  switch (choice.kind) {
    case "unknown":
      throw new PlanRefused(
        `I know no workflow ${code(choice.wanted)}.${suggestion(choice)} Nothing was started, nothing was spent. There are: ${choice.known.map(code).join(", ")}. ` +
          "Use one of these names, or describe the task in a sentence: `/workflow fix the flaky test in src/net`." +
          refusedFiles(refused),
      );
    case "saved":
      mustBeTheOne(run.record(), choice.workflow.source);
      await keepSaved(run, choice);
      return;
    case "task": {
      if (run.record().occasion !== null) throw new PlanRefused(NOT_SAVED);
      if (run.record().settings.savedWorkflowsOnly) throw savedOnly(workflows);
      const written = await world.author(task);
      await keep(run, { ...written, origin: "authored" }, undefined);
      return;
    }
  }
}

const NOT_SAVED =
  "A schedule starts **saved workflows** only, and this is a task in a sentence. Nothing was started, nothing was spent. Save a workflow under `.claude/workflows/` and name it in `.github/fanfold.yml`.";

/** Nobody looks at what a schedule starts: it is the script that it was set up with, or none. */
function mustBeTheOne({ occasion }: RunRecord, source: string): void {
  if (occasion === null || occasion.script === null || occasion.script === sha256(source)) return;
  throw new PlanRefused(
    `The workflow's script is another one than the schedule ${code(occasion.schedule)} was set up with. Nothing was started, nothing was spent. ` +
      `Read it, then let it run from now on: ${code(`/workflow schedule resume ${occasion.schedule}`)}.`,
  );
}

async function keepSaved(
  run: LiveRun,
  { workflow, argsText }: { workflow: SavedWorkflow; argsText: string },
): Promise<void> {
  const { task, place } = run.record();
  const text = withPlace(argsText, place);
  mustHaveArgs(workflow, text);
  await keep(run, planOf(workflow, task), argsOf(run, text));
}

/** Refused before an author is paid. */
function savedOnly(workflows: readonly SavedWorkflow[]): PlanRefused {
  const names = workflows.map(({ name }) => code(name)).join(", ");
  return new PlanRefused(
    "This repository runs **saved workflows only** (`savedWorkflowsOnly` in `.github/fanfold.yml`), and this is a task in a sentence. " +
      `Nothing was started, nothing was spent. Use one of them: ${names}. Whoever may push to the default branch can save another one under \`.claude/workflows/\` or change the setting.`,
  );
}

/** A script that expects text must be able to see why it got something else. */
function argsOf(run: LiveRun, text: string): Json | undefined {
  const { args, parsed } = parseArgs(text);
  if (parsed) {
    run.see({ kind: "logged", message: "args: the text is JSON, so the script gets its value." });
  }
  return args;
}

/** A workflow that says what it needs is not started without it. */
function mustHaveArgs({ name, needsArgs }: SavedWorkflow, argsText: string): void {
  if (needsArgs === null || argsText.trim() !== "") return;
  throw new PlanRefused(
    `The workflow ${code(name)} needs to know more: ${inline(needsArgs, 300)} Nothing was started.`,
  );
}

function suggestion({ wanted, known }: { wanted: string; known: readonly string[] }): string {
  const meant = nearest(wanted.toLowerCase(), known, 3);
  return meant === null ? "" : ` Did you mean ${code(`/workflow ${meant}`)}?`;
}

/** Files that were meant as workflows and are none: one of them may be what the person wanted. */
function refusedFiles(refused: readonly RefusedWorkflow[]): string {
  if (refused.length === 0) return "";
  const files = refused
    .slice(0, 5)
    .map(({ path, reason }) => `${code(path)}:\n\n${fenced(reason, "")}`);
  return `\n\nThese files cannot be used:\n\n${files.join("\n\n")}`;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

interface Plan {
  source: string;
  title: string | null;
  origin: NonNullable<RunRecord["script"]>["origin"];
}

/** A saved workflow's own words name it only where the person added none. */
const planOf = ({ name, source, origin }: SavedWorkflow, task: string): Plan => ({
  source,
  origin,
  title:
    task.trim().toLowerCase() === name.toLowerCase()
      ? null
      : firstLine(task).replace(/^./u, (letter) => letter.toUpperCase()),
});

async function keep(run: LiveRun, plan: Plan, args: Json | undefined): Promise<void> {
  const checked = checkScript(plan.source);
  if (!checked.ok) {
    const problems = checked.problems
      .slice(0, 5)
      .map((problem) => renderProblem(plan.source, problem));
    throw new PlanRefused(
      `The script does not pass the check; nothing was started.\n\n${fenced(problems.join("\n\n"), "")}`,
    );
  }
  const { meta } = checked;
  for (const { message } of checked.notes) run.see({ kind: "logged", message });
  await run.setScript(plan.source);
  await run.update({
    script: {
      sha256: sha256(plan.source),
      workflow: meta.name,
      title: plan.title ?? meta.description,
      origin: plan.origin,
      phases: (meta.phases ?? []).map(({ title }) => title),
    },
    ...(args === undefined ? {} : { args }),
  });
}
