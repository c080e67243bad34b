// The pages' view of the local GitHub: its state, put in the words of the pages.

import type { GitHubCore } from "../core.ts";
import { buttonsOf } from "../gestures.ts";
import type {
  CheckRun,
  Delivery,
  Issue,
  IssueComment,
  PullIssue,
  Reaction,
  Repository,
  Role,
} from "../state.ts";
import type { Review, ReviewComment, ReviewThread } from "../review-state.ts";
import { isPull, pullsOf, roleOf } from "../look-up.ts";
import type {
  CheckView,
  CommentView,
  DeliveryView,
  IssueView,
  PageSource,
  PersonView,
  PullState,
  PullView,
  RepositoryView,
  ReviewView,
  ThreadView,
} from "./view.ts";

/** Reads are always of the present; what people do goes the way a typed comment goes, webhooks included. */
export function pageSource(core: GitHubCore): PageSource {
  const { state } = core;
  const stored = ({ owner, name }: RepositoryView): Repository => {
    for (const repository of state.repositories.values())
      if (repository.owner.login === owner && repository.name === name) return repository;
    throw new Error(`There is no repository ${owner}/${name} any more.`);
  };
  const named = ({ owner, name }: RepositoryView) => ({ owner, name });
  return {
    repositories: () => [...state.repositories.values()].map(repositoryView),
    accounts: () => [...state.accounts.values()].map(({ login, type }) => ({ login, type })),
    people: (view) => people(core, stored(view)),
    issues(view) {
      const repository = stored(view);
      const issues = [...repository.issues.values()].filter((issue) => !isPull(issue));
      return issues.map((issue) => issueView(repository, issue));
    },
    pulls(view) {
      const repository = stored(view);
      return pullsOf(repository).map((issue) => pullView(repository, issue));
    },
    checks(view, sha) {
      const runs = [...stored(view).checkRuns.values()];
      return runs.filter(({ headSha }) => headSha === sha).map(checkView);
    },
    check(view, id) {
      const check = stored(view).checkRuns.get(id);
      return check === undefined ? null : checkView(check);
    },
    isVerified: (view, sha) => stored(view).verified.has(sha),
    deliveries: () => state.deliveries.map(deliveryView),
    async comment(view, number, said) {
      await core.comment(named(view), number, said);
    },
    async createIssue(view, issue) {
      const { number } = await core.createIssue(named(view), issue);
      return number;
    },
    press: (view, check, { as, identifier }) =>
      identifier === null
        ? core.gestures.rerun(named(view), check, { as })
        : core.gestures.click(named(view), check, { as, identifier }),
    async redeliver(deliveryId) {
      await core.redeliver(deliveryId);
    },
  };
}

function repositoryView(repository: Repository): RepositoryView {
  const { name, defaultBranch, gitDir } = repository;
  return {
    owner: repository.owner.login,
    name,
    private: repository.private,
    defaultBranch,
    gitDir,
  };
}

const ranks: readonly Role[] = ["admin", "maintain", "write", "triage", "read", "none"];

/** Who may do most comes first: the form offers that person. */
function people({ state }: GitHubCore, repository: Repository): PersonView[] {
  return [...state.accounts.values()]
    .filter(({ type }) => type === "User")
    .map((account) => ({ login: account.login, role: roleOf(repository, account) }))
    .sort((a, b) => ranks.indexOf(a.role) - ranks.indexOf(b.role));
}

function issueView(repository: Repository, issue: Issue): IssueView {
  const { number, title, body, createdAt, state } = issue;
  const comments = [...repository.comments.values()].filter((one) => one.number === number);
  return {
    number,
    title,
    body: body ?? "",
    createdAt,
    state,
    author: issue.author.login,
    comments: comments.map(commentView),
  };
}

function pullView(repository: Repository, issue: PullIssue): PullView {
  const { head, base, mergedAt } = issue.pull;
  const isHere = ({ number }: { number: number }) => number === issue.number;
  return {
    ...issueView(repository, issue),
    head,
    base,
    state: pullState(issue),
    reviews: [...repository.reviews.values()].filter(isHere).map(reviewView),
    threads: [...repository.threads.values()]
      .filter(isHere)
      .map((thread) => threadView(repository, thread)),
    endedAt: mergedAt ?? issue.closedAt,
  };
}

function pullState({ state, pull }: PullIssue): PullState {
  if (pull.mergedAt !== null) return "merged";
  if (state === "closed") return "closed";
  return pull.draft ? "draft" : "open";
}

function commentView(comment: IssueComment | ReviewComment): CommentView {
  const { id, body, createdAt, updatedAt, minimized } = comment;
  return {
    id,
    body,
    createdAt,
    updatedAt,
    author: comment.author.login,
    reactions: countReactions(comment.reactions),
    minimized: minimized !== null,
  };
}

function countReactions(reactions: readonly Reaction[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { content } of reactions) counts[content] = (counts[content] ?? 0) + 1;
  return counts;
}

function reviewView({ id, author, state, body, submittedAt }: Review): ReviewView {
  return { id, author: author.login, state, body, submittedAt };
}

function threadView(repository: Repository, thread: ReviewThread): ThreadView {
  const { id, path, line, side, diffHunk, resolvedBy } = thread;
  const comments = [...repository.reviewComments.values()].filter((one) => one.threadId === id);
  return {
    id,
    path,
    line,
    side,
    diffHunk,
    reviewId: comments[0]?.reviewId ?? null,
    resolvedBy: resolvedBy?.login ?? null,
    comments: comments.map(commentView),
  };
}

function checkView(check: CheckRun): CheckView {
  const { id, headSha, name, status, conclusion, title, summary, detailsUrl, log } = check;
  const notes = check.annotations.map((note) => ({
    path: note.path,
    line: note.start_line,
    level: note.annotation_level,
    title: note.title ?? "",
    message: note.message,
  }));
  const words = { title: title ?? "", summary: summary ?? "" };
  const buttons = buttonsOf(check);
  return { id, headSha, name, status, conclusion, ...words, detailsUrl, log, notes, buttons };
}

function deliveryView(delivery: Delivery): DeliveryView {
  const { id, guid, event, action, at, durationMs, statusCode, status, redelivery } = delivery;
  const answered = statusCode === 0 ? null : statusCode;
  return { id, guid, event, action, at, durationMs, statusCode: answered, status, redelivery };
}
