// What happened, as webhooks: one function for each kind of event.

import type { GitHubCore } from "../core.ts";
import { accountJson, installationJson } from "../render/account.ts";
import { checkRunEventJson } from "../render/check.ts";
import { commentJson, issueJson } from "../render/issue.ts";
import { fullPullJson, pullJson } from "../render/pull.ts";
import { addressesOf, repositoryNameJson, surroundings } from "../render/repository.ts";
import { reviewCommentJson, reviewJson } from "../render/review.ts";
import type {
  Account,
  CheckRun,
  Installation,
  Issue,
  IssueComment,
  PullIssue,
  Repository,
} from "../state.ts";
import type { Review, ReviewComment } from "../review-state.ts";
import { emit } from "./deliver.ts";

/** Where something happened, and who did it. */
export interface Scene {
  core: GitHubCore;
  repository: Repository;
  sender: Account;
}

/** Tells the App of something with what every webhook has, where it is installed. */
export function send(
  scene: Scene,
  event: string,
  fields: { action?: string } & Record<string, unknown>,
) {
  const { core, repository, sender } = scene;
  const { installation } = repository;
  if (installation === null) return;
  emit(core, {
    event,
    action: fields.action ?? null,
    repository,
    installation,
    payload: {
      ...fields,
      ...surroundings(core, repository),
      sender: accountJson(core, sender),
    },
  });
}

export function issueHappened(
  scene: Scene,
  issue: Issue,
  fields: { action: "opened" | "edited" | "closed" | "reopened"; changes?: object },
): void {
  const { core, repository } = scene;
  send(scene, "issues", { ...fields, issue: issueJson(core, repository, issue) });
}

export function commentHappened(
  scene: Scene,
  { issue, comment }: { issue: Issue; comment: IssueComment },
  fields: { action: "created" | "edited" | "deleted"; changes?: object },
): void {
  const { core, repository } = scene;
  send(scene, "issue_comment", {
    ...fields,
    issue: issueJson(core, repository, issue),
    comment: commentJson(core, repository, comment),
  });
}

export type PullEvent =
  | { action: "opened" | "closed" | "reopened" | "ready_for_review" | "converted_to_draft" }
  | { action: "edited"; changes: object }
  | { action: "synchronize"; before: string; after: string };

export async function pullHappened(
  scene: Scene,
  issue: PullIssue,
  event: PullEvent,
): Promise<void> {
  const { core, repository } = scene;
  const pull = await fullPullJson(core, repository, issue);
  send(scene, "pull_request", { ...event, number: issue.number, pull_request: pull });
}

export function reviewHappened(
  scene: Scene,
  { issue, review }: { issue: PullIssue; review: Review },
  action: "submitted" | "edited" | "dismissed",
): void {
  const { core, repository } = scene;
  const json = reviewJson(core, repository, review);
  send(scene, "pull_request_review", {
    action,
    // Webhooks write the state small, the API large; GitHub never made up its mind.
    review: { ...json, state: json.state.toLowerCase(), submitted_at: review.submittedAt },
    pull_request: pullJson(core, repository, issue),
  });
}

export function reviewCommentHappened(
  scene: Scene,
  { issue, comment }: { issue: PullIssue; comment: ReviewComment },
  fields: { action: "created" | "edited" | "deleted"; changes?: object },
): void {
  const { core, repository } = scene;
  const thread = repository.threads.get(comment.threadId);
  send(scene, "pull_request_review_comment", {
    ...fields,
    comment: {
      ...reviewCommentJson(core, repository, comment),
      line: thread?.line ?? null,
      position: thread?.position ?? null,
    },
    pull_request: pullJson(core, repository, issue),
  });
}

export function checkHappened(
  scene: Scene,
  check: CheckRun,
  action: "created" | "completed",
): void {
  const { core, repository } = scene;
  send(scene, "check_run", { action, check_run: checkRunEventJson(core, repository, check) });
}

export interface Push {
  ref: string;
  before: string;
  after: string;
  forced: boolean;
  commits: readonly PushedCommit[];
}

export interface PushedCommit {
  id: string;
  tree_id: string;
  message: string;
  timestamp: string;
  author: { name: string; email: string };
  committer: { name: string; email: string };
}

const noCommit = /^0+$/;

export function pushHappened(scene: Scene, push: Push): void {
  const { core, repository, sender } = scene;
  const { html } = addressesOf(core, repository);
  const commits = push.commits.map((commit) => ({
    ...commit,
    url: `${html}/commit/${commit.id}`,
    distinct: true,
    added: [],
    removed: [],
    modified: [],
  }));
  send(scene, "push", {
    ref: push.ref,
    before: push.before,
    after: push.after,
    base_ref: null,
    created: noCommit.test(push.before),
    deleted: noCommit.test(push.after),
    forced: push.forced,
    compare: `${html}/compare/${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name: sender.login, email: `${sender.login}@users.noreply.github.com` },
  });
}

/** A branch or a tag came to be; `name` is without `refs/heads/` or `refs/tags/`. */
export function refCreated(scene: Scene, { type, name }: { type: "branch" | "tag"; name: string }) {
  send(scene, "create", {
    ref: name,
    ref_type: type,
    master_branch: scene.repository.defaultBranch,
    description: null,
    pusher_type: "user",
  });
}

/** The App was installed, on the repositories it may see. */
export function installed(
  core: GitHubCore,
  installation: Installation,
  repositories: readonly Repository[],
): void {
  emit(core, {
    event: "installation",
    action: "created",
    repository: null,
    installation,
    payload: {
      action: "created",
      installation: installationJson(core, installation),
      repositories: repositories.map(repositoryNameJson),
      sender: accountJson(core, installation.account),
    },
  });
}

/** One more repository was added to an installation. */
export function repositoryAdded(
  core: GitHubCore,
  repository: Repository,
  installation: Installation,
): void {
  emit(core, {
    event: "installation_repositories",
    action: "added",
    repository: null,
    installation,
    payload: {
      action: "added",
      installation: installationJson(core, installation),
      repository_selection: "selected",
      repositories_added: [repositoryNameJson(repository)],
      repositories_removed: [],
      requester: null,
      sender: accountJson(core, installation.account),
    },
  });
}
