// What stands behind a node id, for whoever may see it.

import { type Actor, mustSee } from "../actor.ts";
import type { GitHubCore } from "../core.ts";
import { Refusal } from "../errors.ts";
import { fromNodeId, type NodeKind } from "../ids.ts";
import type { IssueComment, PullIssue, Repository } from "../state.ts";
import type { Review, ReviewComment, ReviewThread } from "../review-state.ts";
import { pullsOf } from "../look-up.ts";
import {
  commentNode,
  issueNode,
  pullNode,
  repositoryNode,
  reviewCommentNode,
  reviewNode,
  type Sight,
  threadNode,
} from "./objects.ts";

export interface Viewer {
  core: GitHubCore;
  actor: Actor;
}

/** A thing that a node id can name, with the repository it is in. */
export type Found = { repository: Repository } & (
  | { kind: "Repository" }
  | { kind: "PullRequest"; thing: PullIssue }
  | { kind: "PullRequestReviewThread"; thing: ReviewThread }
  | { kind: "PullRequestReview"; thing: Review }
  | { kind: "PullRequestReviewComment"; thing: ReviewComment }
  | { kind: "IssueComment"; thing: IssueComment }
);

export const unresolved = (id: string): Refusal =>
  new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`);

/** Throws a 404 `Refusal` when there is no such thing, or none that this viewer may see. */
export function findNode({ core, actor }: Viewer, id: string): Found {
  const named = fromNodeId(id);
  if (named === null) throw unresolved(id);
  for (const repository of core.state.repositories.values()) {
    const found = findIn(repository, named);
    if (found === null) continue;
    try {
      mustSee(repository, actor);
    } catch {
      throw unresolved(id);
    }
    return found;
  }
  throw unresolved(id);
}

function findIn(
  repository: Repository,
  { kind, name }: { kind: NodeKind; name: string },
): Found | null {
  const id = Number(name);
  const wrap = <K extends Found["kind"], T>(kind: K, thing: T | undefined) =>
    thing === undefined ? null : { kind, thing, repository };
  switch (kind) {
    case "Status":
      return null;
    case "Repository":
      return repository.id === id ? { kind, repository } : null;
    case "PullRequest":
      return wrap(
        kind,
        pullsOf(repository).find(({ pull }) => pull.id === id),
      );
    case "PullRequestReviewThread":
      return wrap(kind, repository.threads.get(id));
    case "PullRequestReview":
      return wrap(kind, repository.reviews.get(id));
    case "PullRequestReviewComment":
      return wrap(kind, repository.reviewComments.get(id));
    case "IssueComment":
      return wrap(kind, repository.comments.get(id));
    // Issues are looked up on their own; nothing here asks for the others by their node id.
    case "Account":
    case "App":
    case "Blob":
    case "Bot":
    case "CheckRun":
    case "CheckSuite":
    case "Commit":
    case "Installation":
    case "Issue":
    case "Label":
    case "Reaction":
    case "Ref":
    case "Tree":
      return null;
  }
}

export function nodeOf(viewer: Viewer, id: string): object {
  const named = fromNodeId(id);
  if (named?.kind === "Issue") return issueOf(viewer, { id, issueId: Number(named.name) });
  return toNode(viewer, findNode(viewer, id));
}

function issueOf(
  { core, actor }: Viewer,
  { id, issueId }: { id: string; issueId: number },
): object {
  for (const repository of core.state.repositories.values()) {
    const issue = [...repository.issues.values()].find((one) => one.id === issueId);
    if (issue === undefined) continue;
    mustSee(repository, actor);
    return issueNode({ core, actor, repository }, issue);
  }
  throw unresolved(id);
}

export function toNode(viewer: Viewer, found: Found): object {
  const sight: Sight = { ...viewer, repository: found.repository };
  switch (found.kind) {
    case "Repository":
      return repositoryNode(sight);
    case "PullRequest":
      return pullNode(sight, found.thing);
    case "PullRequestReviewThread":
      return threadNode(sight, found.thing);
    case "PullRequestReview":
      return reviewNode(sight, found.thing);
    case "PullRequestReviewComment":
      return reviewCommentNode(sight, found.thing);
    case "IssueComment":
      return commentNode(sight, found.thing);
  }
}
