// GitHub in our words: what a run and a conversation need of it, and nothing else.

import { z } from "zod";

import type { CheckRun, OtherCheck, OurCheck } from "./checks.ts";
import type { NewReview, PullRequest, Review } from "./pulls.ts";

/** A repository as a webhook names it; ids are what counts, names are for addresses. */
export const RepositoryRef = z.object({
  installationId: z.int(),
  repositoryId: z.int(),
  owner: z.string(),
  name: z.string(),
});
export type RepositoryRef = z.infer<typeof RepositoryRef>;

export type RoleName = "none" | "read" | "triage" | "write" | "maintain" | "admin";

export interface Repository {
  id: number;
  fullName: string;
  /** The branch GitHub names as default; it may not exist in an empty repository. */
  defaultBranch: string;
  private: boolean;
  isFork: boolean;
  /** Nobody can write to it. */
  isArchived: boolean;
  /** Page for people. */
  url: string;
}

export interface Comment {
  id: number;
  url: string;
  body: string;
  /** Made by our own App. */
  ours: boolean;
}

/** An issue, never a pull request. */
export interface Issue {
  number: number;
  url: string;
  title: string;
  body: string;
  state: "open" | "closed";
}

/** An account, by the id that counts and the login for people to read. */
export interface Account {
  id: number;
  login: string;
}

/** Findings for GitHub's code scanning. */
export interface CodeScan {
  commit: string;
  /** Full ref that the commit stands on. */
  ref: string;
  /** SARIF 2.1.0 as JSON text. */
  sarif: string;
}

/** GitHub wants fewer requests of us for a while. */
export interface Held {
  /** What waits, e.g. "comments and reviews". */
  what: string;
  /** Milliseconds that GitHub asked for. */
  askedMs: number;
  /** Milliseconds since 1970. */
  until: number;
}

/** What GitHub shows beside a commit. */
export interface Standing {
  verified: boolean;
  /** Names of check runs that others made on it, of those that are read; statuses are not among them. */
  checks: readonly string[];
}

/** What stands beside an issue or a pull request. */
export interface Marks {
  labels: readonly string[];
  /** Logins. */
  assignees: readonly string[];
}

/** A rule of the repository or of its owner that is in force for a branch. */
export interface BranchRule {
  /** GitHub's name for it, such as `creation` or `required_signatures`. */
  type: string;
  /** Whose ruleset it is: `owner/name` or the owner's login. */
  of: string;
}

/** What people can be sent to. */
export type PageTarget = { commit: string; path?: string } | { branch: string } | Comparison;

/** What a branch changes, with a form that opens a pull request of these words. */
export interface Comparison {
  base: string;
  head: string;
  title: string;
  body: string;
}

/** What bears reactions: a comment, a comment on a line, the body of a thread (`id` is its number then). */
export interface Reactable {
  kind: "comment" | "line" | "body";
  id: number;
}

export type Reaction = "eyes" | "rocket" | "+1" | "-1" | "confused";

/** A reaction of ours: which it is, and whether it was not there before. Nobody but GitHub itself could say so for sure. */
export interface Reacted {
  id: number;
  isNew: boolean;
}

/**
 * One repository of one installation. Creating calls are never repeated blindly: callers find by marker or natural key
 * first. Rejects with `ForgeError`.
 */
export interface Forge {
  readonly ref: RepositoryRef;
  repository(): Promise<Repository>;
  /** Live role of a person by login; `userId` is the account the answer is about. Custom roles count as their base role. */
  permissionOf(login: string): Promise<{ role: RoleName; userId: number }>;
  /**
   * Text of a file on the default branch, of this repository or of its owner's `.github` repository. Null when there is
   * none, or no such repository that we may see; `refused` when it is no text file of a readable size.
   */
  readFile(path: string, of: "repository" | "owner"): Promise<string | null>;
  /** The same at a commit of this repository or of a pull request to it. */
  readFileAt(path: string, commit: string): Promise<string | null>;
  /** The same reaction twice is one. */
  react(to: Reactable, reaction: Reaction): Promise<Reacted>;
  /**
   * Takes our own reaction away again, with `id` only if it is still that very one. False when there is none: of several that
   * take one away, one alone hears true.
   */
  unreact(from: Reactable, reaction: Reaction, id?: number): Promise<boolean>;
  /** Takes a label off a thread; nothing happens when it is not there. */
  removeLabel(thread: number, label: string): Promise<void>;
  /** Our own comment in a thread whose body holds `marker`, the oldest if several. All pages are read. */
  findComment(thread: number, marker: string): Promise<Comment | null>;
  createComment(thread: number, body: string): Promise<Comment>;
  editComment(commentId: number, body: string): Promise<void>;
  /** Our own issue whose body holds `marker`, open or closed, the oldest if several. All pages are read. */
  findIssue(marker: string): Promise<Issue | null>;
  issue(number: number): Promise<Issue>;
  createIssue(issue: { title: string; body: string }): Promise<Issue>;
  editIssue(
    number: number,
    change: { title?: string; body?: string; state?: "open" | "closed" },
  ): Promise<void>;
  /** Whom GitHub takes for the author of a commit, by its e-mail address: for naming, not for granting. Null: no account. */
  authorOf(sha: string): Promise<Account | null>;
  /** Rejects with `forbidden` or `not-found` where the installation or the repository does not allow it. */
  uploadCodeScan(scan: CodeScan): Promise<void>;
  pullRequest(number: number): Promise<PullRequest>;
  /** Whether a pull request adds or changes this file, as far as its files are read. */
  changesFile(pull: number, path: string): Promise<boolean>;
  /** The newest pull request whose head is this branch of this repository, open or not. */
  findPullRequest(headBranch: string): Promise<PullRequest | null>;
  /** Falls back to a ready one, and says so in `draft`, where the repository does not allow drafts. */
  createPullRequest(pull: {
    head: string;
    base: string;
    title: string;
    body: string;
    draft: boolean;
  }): Promise<PullRequest>;
  editPullRequest(
    number: number,
    change: { title?: string; body?: string; state?: "open" | "closed" },
  ): Promise<void>;
  /**
   * Adds labels (made where the repository has none of the name) and assigned people to what stands beside an issue or pull
   * request. Answers what stands there then: GitHub leaves out whom it does not let be assigned.
   */
  mark(thread: number, marks: Marks): Promise<Marks>;
  /** Our own review whose body holds `marker`. */
  findReview(pull: number, marker: string): Promise<Review | null>;
  /** One submitted COMMENT review. Every line must be in the diff: GitHub refuses the whole review otherwise. */
  createReview(pull: number, review: NewReview): Promise<Review>;
  /** Review threads opened by us whose first comment holds `marker`: marked as resolved. Returns how many. */
  resolveThreads(pull: number, marker: string): Promise<number>;
  /**
   * Hides as outdated whatever of ours in a thread holds `marker`: comments, reviews, lines of reviews. They stay readable behind
   * a click. Returns how many were not hidden before.
   */
  hide(thread: number, marker: string): Promise<number>;
  /** Creates or updates, found by `externalId` on the head. */
  putCheckRun(check: CheckRun): Promise<{ id: number; url: string }>;
  /** Our own check runs on a commit, of those that are read. */
  ourChecks(sha: string): Promise<readonly OurCheck[]>;
  /** A commit made as the App, so that GitHub signs it. `tree` must be known to GitHub. */
  createCommit(commit: {
    message: string;
    tree: string;
    parents: readonly string[];
  }): Promise<{ sha: string; verified: boolean }>;
  /**
   * All or nothing, compare-and-swap on every `from` (null: must not exist). False when a ref was elsewhere; true when
   * all stand at `to` already, so that a move whose answer was lost can be asked for again.
   */
  moveRefs(
    updates: readonly { ref: string; from: string | null; to: string; force: boolean }[],
  ): Promise<boolean>;
  /** What GitHub asked us to wait with, when it did and the wait is not over; asks nobody. */
  held(): Held | null;
  standingOf(sha: string): Promise<Standing>;
  /** Every check of others on a commit, the newest of each name. Rejects with `not-found` or `refused` when GitHub has no such commit. */
  otherChecks(sha: string): Promise<readonly OtherCheck[]>;
  /** The end of what a check wrote: of its log, else of its notes and its own words. Null when none of it can be read. */
  endOfCheck(check: OtherCheck): Promise<string | null>;
  /** Rules in force for a branch that need not be there yet. Whom they let pass is not told. */
  rulesOn(branch: string): Promise<readonly BranchRule[]>;
  /** Address of the page of a commit, of a file in it, of a branch, or of what a branch changes, for links. */
  pageOf(target: PageTarget): string;
}

/** Opens a repository; cheap, no request is made. */
export type OpenForge = (ref: RepositoryRef) => Promise<Forge>;
