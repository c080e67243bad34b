// The commit that a run is built upon, found once and written down.

import type { Mirror } from "../repo/contract.ts";
import { branchRef } from "../repo/refs.ts";
import type { Repository } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import { settingsOn } from "./fork.ts";
import type { LiveRun } from "./live.ts";
import { PlanRefused } from "./plan-refused.ts";
import type { RunRecord } from "./record.ts";
import { code } from "./render/text.ts";

/** Where a run is to begin. */
interface Tip {
  branch: string;
  pull: PullRequest | null;
  repository: Repository;
}

/** The commit of the record, or else the newest one, which is written down. */
export async function pin({ mirror }: { mirror: Mirror }, run: LiveRun, at: Tip): Promise<Base> {
  const { branch, pull } = at;
  const known = run.record().base;
  if (known !== null) return await pinnedBefore(mirror, run, { ...at, known });
  const commit = await fetchTip(mirror, at);
  await mustHaveRoomForBranches(mirror);
  const diff = pull === null ? {} : await diffStart(mirror, pull, commit);
  return note(run, { branch, commit, ...forkOf(pull), ...diff });
}

/** A run taken up again has its commit; its branch may be gone by now, and is only asked for the mirror's sake. */
async function pinnedBefore(
  mirror: Mirror,
  run: LiveRun,
  { known, ...at }: Tip & { known: Base },
): Promise<Base> {
  const { pull } = at;
  const fork = forkOf(pull);
  await mirror.fetch(refOf(at));
  if (pull !== null && !(await mirror.has(known.commit))) await mirror.fetch(headRefOf(pull));
  // What an earlier version did not write down. Where a run stands in a fork changes only what nothing has happened in.
  const isElsewhere = known.fork !== fork.fork && run.entries().length === 0;
  const isUnknown = pull !== null && known.diffFrom === undefined;
  if (!isElsewhere && !isUnknown) return known;
  const diff = isUnknown ? await diffStart(mirror, pull, known.commit) : {};
  return note(run, { ...known, ...(isElsewhere ? fork : {}), ...diff });
}

const forkOf = (pull: PullRequest | null): { fork?: number } =>
  pull === null || pull.head.sameRepository ? {} : { fork: pull.number };

/** What a pull request changes is what it changed when the run began: behind a merge there is nothing between the two. */
async function diffStart(
  mirror: Mirror,
  pull: PullRequest,
  commit: string,
): Promise<{ diffFrom: string | null }> {
  const target = await mirror.fetch(branchRef(pull.base.ref));
  return { diffFrom: target === null ? null : await mirror.mergeBase(target, commit) };
}

type Base = NonNullable<RunRecord["base"]>;

async function note(run: LiveRun, base: Base): Promise<Base> {
  await run.update({ base, settings: settingsOn(run.record().settings, base) });
  return base;
}

/** git holds no branch `fanfold/…` beside a branch `fanfold`: better said now than when all the work is done. */
async function mustHaveRoomForBranches(mirror: Mirror): Promise<void> {
  const ref = "refs/heads/fanfold";
  if (!(await mirror.remoteRefs(ref)).has(ref)) return;
  throw new PlanRefused(
    "This repository has a branch named `fanfold`, and git cannot hold branches below that name beside it. " +
      "Rename that branch, then post the command again; nothing was started.",
  );
}

/** A pull request of this repository is built upon; a fork's branch can only be read, beside the one it is meant for. */
export const branchOf = (pull: PullRequest | null): string | null =>
  pull === null ? null : pull.head.sameRepository ? pull.head.ref : pull.base.ref;

export const refOf = ({ branch, pull }: { branch: string; pull: PullRequest | null }): string =>
  pull !== null && !pull.head.sameRepository ? headRefOf(pull) : branchRef(branch);

/** GitHub keeps the commits of a pull request here, whatever becomes of its branch. */
export const headRefOf = ({ number }: Pick<PullRequest, "number">): string =>
  `refs/pull/${number}/head`;

async function fetchTip(mirror: Mirror, { branch, pull, repository }: Tip): Promise<string> {
  const tip = await mirror.fetch(refOf({ branch, pull }));
  if (tip !== null) return tip;
  if (pull !== null && !pull.head.sameRepository) {
    throw new PlanRefused(
      `GitHub does not give out the commit of this pull request (${code(refOf({ branch, pull }))}), which comes from a fork. ` +
        "Nothing was started. Just after a push that takes GitHub a moment: post the command again.",
    );
  }
  const heads = await mirror.remoteRefs("refs/heads/");
  if (heads.size === 0) {
    throw new PlanRefused(
      "This repository is **empty**: there is no commit to start from. Push a first commit, then post the command again.",
    );
  }
  const names = [...heads.keys()].slice(0, 10).map((ref) => code(ref.replace("refs/heads/", "")));
  const why = branch === repository.defaultBranch ? " (the one GitHub names as default)" : "";
  throw new PlanRefused(
    `There is no branch ${code(branch)}${why}. There are: ${names.join(", ")}. ` +
      `Post the command again with ${code(`--base ${[...heads.keys()][0]?.replace("refs/heads/", "") ?? "BRANCH"}`)}.`,
  );
}
