// CI of the local GitHub: a rule says what it makes of the files on a branch that was pushed; nothing of them is executed.

import { setTimeout as sleep } from "node:timers/promises";

import { findCommit } from "./commits.ts";
import type { GitHubCore } from "./core.ts";
import { git } from "./git.ts";
import { newCheck } from "./new-check.ts";
import { type CheckRun, nextId, type Repository } from "./state.ts";
import { timestamp } from "./look-up.ts";
import { readTree } from "./trees.ts";

/** What a rule sees of a commit. */
export interface CiCommit {
  branch: string;
  /** Every file. */
  paths: readonly string[];
  read: (path: string) => Promise<string>;
}

export interface CiJob {
  name: string;
  passed: boolean;
  log: string;
}

export type CiRule = (commit: CiCommit) => Promise<readonly CiJob[]>;

export interface Ci {
  rule: CiRule;
  /** How long its jobs take. */
  takesMs: number;
}

/** GitHub Actions' own marks that keep it away from a commit. */
const SKIPS = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks: *true$/im;

/** Runs in the background; a commit that was looked at is not looked at again. */
export function ciOf(
  core: GitHubCore,
  repository: Repository,
  { branch, sha }: { branch: string; sha: string },
): void {
  const { ci } = core;
  if (ci !== null) core.background.run(look(core, ci, { repository, branch, sha }));
}

async function look(
  { state, background }: GitHubCore,
  { rule, takesMs }: Ci,
  { repository, branch, sha }: { repository: Repository; branch: string; sha: string },
): Promise<void> {
  const { gitDir, checkRuns } = repository;
  const commit = await findCommit(gitDir, sha);
  const isKnown = [...checkRuns.values()].some(({ by, headSha }) => by === "ci" && headSha === sha);
  if (commit === null || isKnown || SKIPS.test(commit.message)) return;
  const tree = await readTree(gitDir, sha, { recursive: true });
  const paths = (tree?.entries ?? []).flatMap(({ type, path }) => (type === "blob" ? [path] : []));
  const read = (path: string): Promise<string> =>
    git(gitDir, ["cat-file", "blob", `${sha}:${path}`]);
  const jobs = (await rule({ branch, paths, read })).map((job) => ({
    job,
    check: newCheck({
      id: nextId(state),
      by: "ci",
      name: job.name,
      headSha: sha,
      status: "in_progress",
    }),
  }));
  for (const { check } of jobs) checkRuns.set(check.id, check);
  await sleep(takesMs, undefined, { signal: background.closing }).catch(() => undefined);
  for (const { job, check } of jobs) end(check, job);
}

function end(check: CheckRun, { passed, log }: CiJob): void {
  check.status = "completed";
  check.conclusion = passed ? "success" : "failure";
  check.completedAt = timestamp();
  check.log = log;
}
