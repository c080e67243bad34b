// After refs moved, by push or by API: pull requests follow their branches, end when merged, and webhooks tell of it.

import { ciOf } from "../ci.ts";
import { followLine } from "../changes.ts";
import { commitsIn, isAncestor } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { readRefs, zeros } from "../refs.ts";
import { diffBase } from "../render/pull.ts";
import type { Account, PullIssue, Repository } from "../state.ts";
import { pullsOf, timestamp } from "../look-up.ts";
import { pullHappened, pushHappened, refCreated, type Scene } from "../webhooks/events.ts";

export interface RefChange {
  ref: string;
  /** Zeros: was not there. */
  before: string;
  /** Zeros: is gone. */
  after: string;
}

/** GitHub stays silent about what exceeds these in one push. */
const toldBranches = 5_000;
const toldTags = 3;
const toldCommits = 20;

/** Takes notice of everything that changed in the bare repository since the last time. */
export async function noticeRefs(
  core: GitHubCore,
  repository: Repository,
  sender: Account,
): Promise<void> {
  const now = await readRefs(repository.gitDir);
  const changes = difference(repository.refs, now);
  repository.refs = now;
  if (changes.length === 0) return;
  repository.pushedAt = timestamp();
  const scene = { core, repository, sender };
  const moved = new Map(
    changes.flatMap(({ ref, ...change }): [string, Omit<RefChange, "ref">][] =>
      ref.startsWith("refs/heads/") ? [[ref.slice("refs/heads/".length), change]] : [],
    ),
  );
  await tellPushes(scene, changes);
  for (const [branch, { after }] of moved)
    if (after !== zeros) ciOf(core, repository, { branch, sha: after });
  const open = pullsOf(repository).filter(({ state }) => state === "open");
  for (const issue of open) await followBranches(scene, { issue, moved });
}

function difference(before: Map<string, string>, now: Map<string, string>): RefChange[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names
    .map((ref) => ({ ref, before: before.get(ref) ?? zeros, after: now.get(ref) ?? zeros }))
    .filter((change) => change.before !== change.after);
}

/** Only branches and tags are spoken of: refs elsewhere move in silence. */
async function tellPushes(scene: Scene, changes: readonly RefChange[]): Promise<void> {
  const branches = changes.filter(({ ref }) => ref.startsWith("refs/heads/"));
  const tags = changes.filter(({ ref }) => ref.startsWith("refs/tags/"));
  const told = [
    ...(branches.length > toldBranches ? [] : branches),
    ...(tags.length > toldTags ? [] : tags),
  ];
  for (const change of told) await tellPush(scene, change);
}

async function tellPush(scene: Scene, { ref, before, after }: RefChange): Promise<void> {
  const wanted = ["push", "create"].some((event) => scene.core.app.events.includes(event));
  if (!wanted) return;
  const { gitDir } = scene.repository;
  const created = before === zeros;
  const range = created ? [after] : [`${before}..${after}`];
  const commits = after === zeros ? [] : await commitsIn(gitDir, range, toldCommits);
  const forced = !created && after !== zeros && !(await isAncestor(gitDir, before, after));
  if (created) {
    const type = ref.startsWith("refs/tags/") ? "tag" : "branch";
    refCreated(scene, { type, name: ref.replace(/^refs\/(heads|tags)\//, "") });
  }
  pushHappened(scene, {
    ref,
    before,
    after,
    forced,
    commits: commits.toReversed().map(({ sha, tree, message, author, committer }) => ({
      id: sha,
      tree_id: tree,
      message,
      timestamp: author.date,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    })),
  });
}

interface Followed {
  issue: PullIssue;
  moved: ReadonlyMap<string, Omit<RefChange, "ref">>;
}

async function followBranches(scene: Scene, { issue, moved }: Followed): Promise<void> {
  const { pull } = issue;
  const head = moved.get(pull.head.ref);
  const base = moved.get(pull.base.ref);
  if (head === undefined && base === undefined) return;
  if (head?.after === zeros || base?.after === zeros) return close(scene, issue);
  if (head !== undefined) await moveHead(scene, issue, head);
  if (base !== undefined) await moveBase(scene, issue, base);
}

async function moveHead(
  scene: Scene,
  issue: PullIssue,
  { before, after }: Omit<RefChange, "ref">,
): Promise<void> {
  issue.pull.head.sha = after;
  issue.updatedAt = timestamp();
  await moveThreads(scene.repository, issue, { from: before, to: after });
  await pullHappened(scene, issue, { action: "synchronize", before, after });
}

async function moveBase(
  scene: Scene,
  issue: PullIssue,
  { before, after }: Omit<RefChange, "ref">,
): Promise<void> {
  const { gitDir } = scene.repository;
  const { pull } = issue;
  const arrived =
    (await isAncestor(gitDir, pull.head.sha, after)) &&
    (before === zeros || !(await isAncestor(gitDir, pull.head.sha, before)));
  if (!arrived) {
    pull.base.sha = after;
    return;
  }
  // The base stays where it was before, so that the diff of what was merged can still be shown.
  pull.mergedAt = timestamp();
  pull.mergedBy = scene.sender;
  pull.mergeCommit = after;
  await close(scene, issue);
}

async function close(scene: Scene, issue: PullIssue): Promise<void> {
  issue.state = "closed";
  issue.closedAt = timestamp();
  issue.updatedAt = issue.closedAt;
  issue.closedBy = scene.sender;
  await pullHappened(scene, issue, { action: "closed" });
}

/** Comments go with their lines; those whose line was changed become outdated. */
async function moveThreads(
  repository: Repository,
  issue: PullIssue,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const { gitDir } = repository;
  const base = await diffBase(repository, issue);
  for (const thread of repository.threads.values()) {
    if (thread.number !== issue.number || thread.line === null) continue;
    const { path, line } = thread;
    if (thread.side === "RIGHT") {
      thread.line = await followLine(gitDir, { from, to, path, line });
    } else {
      const before = await diffBase(repository, issue, from);
      thread.line = await followLine(gitDir, { from: before, to: base, path, line });
    }
    if (thread.line === null) thread.position = null;
    else thread.commit = to;
    if (thread.startLine !== null && thread.line !== null) {
      thread.startLine += thread.line - line;
    }
  }
}
