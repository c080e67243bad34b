// Pull requests: opening, editing, and whether they merge cleanly.

import { distance } from "../commits.ts";
import { invalid, unprocessable } from "../errors.ts";
import { gitAgrees } from "../git.ts";
import { nextId, type PullIssue, type Repository } from "../state.ts";
import { pullsOf, timestamp } from "../look-up.ts";
import { inTurn } from "../turns.ts";
import { pullHappened, type Scene } from "../webhooks/events.ts";
import { applyWords, type IssueEdit, mustBeTitle, mustFit, newIssue, setState } from "./speak.ts";

export interface NewPull {
  title: string;
  body: string | null;
  head: string;
  base: string;
  draft: boolean;
}

/**
 * Opens a pull request between two branches of one repository. Throws a `Refusal` as GitHub would. In turn, so that of
 * two at once the second one finds the first, and no push moves the head in between.
 */
export function openPull(scene: Scene, wanted: NewPull): Promise<PullIssue> {
  return inTurn(scene.repository, () => open(scene, wanted));
}

async function open(scene: Scene, wanted: NewPull): Promise<PullIssue> {
  const { core, repository } = scene;
  mustBeTitle("PullRequest", wanted.title);
  mustFit("PullRequest", wanted.body ?? "");
  const head = tipOf(repository, { field: "head", name: withoutOwner(repository, wanted.head) });
  const base = tipOf(repository, { field: "base", name: wanted.base });
  if (wanted.draft && core.faults.take("drafts-unsupported") !== null) {
    throw unprocessable("PullRequest", "Draft pull requests are not supported in this repository.");
  }
  mustBeFirst(repository, { head: head.ref, base: base.ref });
  const { ahead } = await distance(repository.gitDir, base.sha, head.sha);
  if (ahead === 0) {
    throw unprocessable("PullRequest", `No commits between ${base.ref} and ${head.ref}`);
  }
  const pull: PullIssue["pull"] = {
    id: nextId(core.state),
    head,
    base,
    draft: wanted.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    merge: null,
  };
  const issue = { ...newIssue(scene, wanted), pull };
  repository.issues.set(issue.number, issue);
  await pullHappened(scene, issue, { action: "opened" });
  return issue;
}

/** `owner:branch` and `branch` are the same for branches of this repository. */
function withoutOwner({ owner }: Repository, head: string): string {
  const [before, branch] = head.split(/:(.*)/s);
  if (branch === undefined) return head;
  if (before?.toLowerCase() === owner.login.toLowerCase()) return branch;
  throw invalid("PullRequest", { field: "head" });
}

function tipOf(
  { refs }: Repository,
  { field, name }: { field: string; name: string },
): { ref: string; sha: string } {
  const sha = refs.get(`refs/heads/${name}`);
  if (sha === undefined) throw invalid("PullRequest", { field });
  return { ref: name, sha };
}

function mustBeFirst(repository: Repository, { head, base }: { head: string; base: string }): void {
  const same = pullsOf(repository).some(
    ({ state, pull }) => state === "open" && pull.head.ref === head && pull.base.ref === base,
  );
  if (!same) return;
  const who = `${repository.owner.login}:${head}`;
  throw unprocessable("PullRequest", `A pull request already exists for ${who}.`);
}

/** Changes words, state or base of a pull request. */
export async function editPull(
  scene: Scene,
  issue: PullIssue,
  edit: IssueEdit & { base?: string | undefined },
): Promise<void> {
  const changes = { ...applyWords(issue, edit), ...changeBase(scene.repository, issue, edit.base) };
  issue.updatedAt = timestamp();
  if (Object.keys(changes).length > 0) {
    await pullHappened(scene, issue, { action: "edited", changes });
  }
  const { state } = edit;
  if (state === undefined || state === issue.state) return;
  if (state === "open") mayReopen(scene.repository, issue);
  setState(scene, issue, state);
  await pullHappened(scene, issue, { action: state === "open" ? "reopened" : "closed" });
}

function changeBase(repository: Repository, { pull }: PullIssue, name: string | undefined): object {
  if (name === undefined || name === pull.base.ref) return {};
  const from = pull.base;
  pull.base = tipOf(repository, { field: "base", name });
  return { base: { ref: { from: from.ref }, sha: { from: from.sha } } };
}

function mayReopen(repository: Repository, { pull }: PullIssue): void {
  if (pull.mergedAt !== null) {
    throw unprocessable("PullRequest", "state cannot be changed. The pull request was merged.");
  }
  if (repository.refs.get(`refs/heads/${pull.head.ref}`) !== pull.head.sha) {
    const message = `state cannot be changed. The ${pull.head.ref} branch was force-pushed or recreated.`;
    throw unprocessable("PullRequest", message);
  }
  mustBeFirst(repository, { head: pull.head.ref, base: pull.base.ref });
}

export async function setDraft(scene: Scene, issue: PullIssue, draft: boolean): Promise<void> {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  issue.updatedAt = timestamp();
  const action = draft ? "converted_to_draft" : "ready_for_review";
  await pullHappened(scene, issue, { action });
}

/** Asking starts the working out; the answer is there the next time, as on GitHub. */
export async function askMergeable({ gitDir }: Repository, { pull }: PullIssue): Promise<void> {
  const of = `${pull.base.sha} ${pull.head.sha}`;
  if (pull.merge?.of !== of) {
    pull.merge = { of, clean: null };
    return;
  }
  pull.merge.clean ??= await gitAgrees(gitDir, [
    "merge-tree",
    "--write-tree",
    "--no-messages",
    pull.base.sha,
    pull.head.sha,
  ]);
}
