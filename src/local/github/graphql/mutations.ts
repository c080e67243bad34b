// What GraphQL can change: threads, drafts, hidden comments, and many refs at once by compare-and-swap.

import { randomUUID } from "node:crypto";

import { accountOf, mustMay } from "../actor.ts";
import { typeOf } from "../commits.ts";
import { Refusal } from "../errors.ts";
import { toNeed, type Grants } from "../call.ts";
import { isRefName, zeros } from "../refs.ts";
import { changeRefs } from "../rules/change-refs.ts";
import { setDraft } from "../rules/pulls.ts";
import type { GitHubCore } from "../core.ts";
import type { Actor } from "../actor.ts";
import { findNode, type Found, toNode, unresolved, type Viewer } from "./nodes.ts";

interface Input<T> {
  input: T & { clientMutationId?: string | null };
}

export function mutations(core: GitHubCore, actor: Actor) {
  const viewer = { core, actor };
  const setResolved =
    (resolved: boolean) =>
    ({ input }: Input<{ threadId: string }>) => {
      const found = find(viewer, "PullRequestReviewThread", input.threadId);
      may(viewer, found, "pull_requests:write");
      found.thing.resolvedBy = resolved ? accountOf(actor) : null;
      return { ...echo(input), thread: toNode(viewer, found) };
    };
  const setReady =
    (draft: boolean) =>
    async ({ input }: Input<{ pullRequestId: string }>) => {
      const found = find(viewer, "PullRequest", input.pullRequestId);
      may(viewer, found, "pull_requests:write");
      may(viewer, found, "contents:write+push");
      const { repository, thing } = found;
      await setDraft({ core, repository, sender: accountOf(actor) }, thing, draft);
      return { ...echo(input), pullRequest: toNode(viewer, found) };
    };
  return {
    resolveReviewThread: setResolved(true),
    unresolveReviewThread: setResolved(false),
    markPullRequestReadyForReview: setReady(false),
    convertPullRequestToDraft: setReady(true),
    minimizeComment: (args: Input<Minimize>) => minimize(viewer, args),
    updateRefs: (args: Input<UpdateRefs>) => updateRefs(viewer, args),
  };
}

const echo = ({ clientMutationId = null }: { clientMutationId?: string | null }) => ({
  clientMutationId,
});

type FoundAs<K extends Found["kind"]> = Extract<Found, { kind: K }>;

function find<K extends Found["kind"]>(viewer: Viewer, kind: K, id: string): FoundAs<K> {
  const found = findNode(viewer, id);
  const isWanted = (one: Found): one is FoundAs<K> => one.kind === kind;
  if (isWanted(found)) return found;
  throw unresolved(id);
}

const may = ({ actor }: Viewer, { repository }: Found, needs: Grants): void =>
  mustMay(repository, actor, toNeed(needs));

interface Minimize {
  subjectId: string;
  classifier: string;
}

function minimize(viewer: Viewer, { input }: Input<Minimize>) {
  const found = findNode(viewer, input.subjectId);
  may(viewer, found, "issues|pull_requests:write");
  switch (found.kind) {
    case "IssueComment":
    case "PullRequestReview":
    case "PullRequestReviewComment":
      found.thing.minimized = input.classifier.toLowerCase().replace("_", "-");
      return { ...echo(input), minimizedComment: toNode(viewer, found) };
    case "Repository":
    case "PullRequest":
    case "PullRequestReviewThread":
      throw unresolved(input.subjectId);
  }
}

interface UpdateRefs {
  repositoryId: string;
  refUpdates: {
    name: string;
    beforeOid?: string | null;
    afterOid: string;
    force?: boolean | null;
  }[];
}

/** A lost race has no words of its own on GitHub: whoever lost must look at the refs. */
const wentWrong = (): Refusal =>
  new Refusal(
    422,
    `Something went wrong while executing your query. Please include \`${randomUUID()}\` when reporting this issue.`,
  );

async function updateRefs(viewer: Viewer, { input }: Input<UpdateRefs>) {
  const found = find(viewer, "Repository", input.repositoryId);
  may(viewer, found, "contents:write+push");
  const { repository } = found;
  for (const { name, afterOid } of input.refUpdates) {
    if (name.startsWith("refs/pull/") || !(await isRefName(repository.gitDir, name))) {
      throw new Refusal(422, `${name} is not a valid ref name.`);
    }
    const isThere = afterOid === zeros || (await typeOf(repository.gitDir, afterOid)) !== null;
    if (!isThere) throw new Refusal(422, `No object found for ${afterOid}.`);
  }
  const updates = input.refUpdates.map(({ name, beforeOid, afterOid, force }) => ({
    ref: name,
    before: beforeOid ?? null,
    after: afterOid,
    force: force ?? false,
  }));
  const moved = await changeRefs({ ...viewer, repository }, updates);
  if (!moved.moved) throw wentWrong();
  return echo(input);
}
