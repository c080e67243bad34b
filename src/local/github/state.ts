// Everything the local GitHub remembers, as plain data; commits, trees and refs live in bare repositories instead.

import type { Review, ReviewThread, ReviewComment } from "./review-state.ts";
import type { CheckConclusion, CheckNote, CheckStatus } from "./check-words.ts";

export type Role = "none" | "read" | "triage" | "write" | "maintain" | "admin";
export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
  /** ISO 8601 in UTC without milliseconds, like every time here. */
  createdAt: string;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  defaultBranch: string;
  /** The bare repository on disk: the only truth for refs, commits and trees. */
  gitDir: string;
  /** Null where nobody installed the App. */
  installation: Installation | null;
  /** By login in lower case; people who are not here have `read` on a public repository and nothing on a private one. */
  roles: Map<string, Role>;
  createdAt: string;
  pushedAt: string | null;
  /** Refs by full name, as they were when the last change was noticed. */
  refs: Map<string, string>;
  /** Commits that GitHub made and signed. */
  verified: Map<string, { at: string }>;
  /** Issues and pull requests by number: they share their numbers and their comments. */
  issues: Map<number, Issue>;
  comments: Map<number, IssueComment>;
  reviews: Map<number, Review>;
  reviewComments: Map<number, ReviewComment>;
  threads: Map<number, ReviewThread>;
  checkRuns: Map<number, CheckRun>;
  /** Oldest first. */
  statuses: Status[];
  /** What code scanning was given, the newest last. */
  scans: Scan[];
  /** Types of rules in force on every branch. They are shown, and bind nobody here. */
  rules: string[];
}

export interface Installation {
  id: number;
  account: Account;
  createdAt: string;
  suspendedAt: string | null;
  /** What its owner agreed to, when that is not what the App asks for now. */
  permissions: Permissions | null;
}

/** One upload of findings, as JSON of the SARIF format. */
export interface Scan {
  id: string;
  commit: string;
  ref: string;
  sarif: unknown;
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: Account;
  state: "open" | "closed";
  stateReason: "completed" | "reopened" | "not_planned" | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  reactions: Reaction[];
  labels: Label[];
  assignees: Account[];
  /** Null for an issue that is no pull request. */
  pull: Pull | null;
}

export interface PullIssue extends Issue {
  pull: Pull;
}

export interface Label {
  id: number;
  name: string;
}

export interface Pull {
  id: number;
  head: Tip;
  base: Tip;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  /** The last answer to "can it be merged"; `clean` is null while it is being worked out. */
  merge: { of: string; clean: boolean | null } | null;
}

/** A branch (without `refs/heads/`) and the commit it has, or had when the pull request ended. */
export interface Tip {
  ref: string;
  sha: string;
}

export interface IssueComment {
  id: number;
  number: number;
  author: Account;
  body: string;
  createdAt: string;
  updatedAt: string;
  reactions: Reaction[];
  /** GitHub's reason, e.g. `outdated`; null when shown. */
  minimized: string | null;
}

export const reactionNames = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;
export type ReactionName = (typeof reactionNames)[number];

export interface Reaction {
  id: number;
  content: ReactionName;
  author: Account;
  createdAt: string;
}

/** A status of the older kind. */
export interface Status {
  id: number;
  sha: string;
  context: string;
  state: "error" | "failure" | "pending" | "success";
  at: string;
}

export interface CheckRun {
  id: number;
  /** Our App, or the CI of this GitHub. */
  by: "app" | "ci";
  /** What a job of CI wrote. */
  log: string | null;
  name: string;
  headSha: string;
  externalId: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: CheckNote[];
  /** Buttons; people see them once it is completed. */
  actions: { label: string; description: string; identifier: string }[];
  detailsUrl: string | null;
}

export interface Delivery {
  id: number;
  /** The same on every redelivery. */
  guid: string;
  event: string;
  action: string | null;
  at: string;
  durationMs: number;
  /** 0 when no answer came. */
  statusCode: number;
  /** `OK`, or what went wrong in GitHub's words. */
  status: string;
  redelivery: boolean;
  installationId: number | null;
  repositoryId: number | null;
  request: { headers: Record<string, string>; body: string };
  response: { headers: Record<string, string>; body: string } | null;
}

export interface State {
  accounts: Map<string, Account>;
  installations: Map<number, Installation>;
  repositories: Map<number, Repository>;
  /** Oldest first. */
  deliveries: Delivery[];
  /** Of manifests whose App was made, with the time until which each is good, in milliseconds since 1970. */
  manifestCodes: Map<string, number>;
  /** Of people, by token. */
  personalTokens: Map<string, Account>;
  lastId: number;
}

export function emptyState(): State {
  return {
    accounts: new Map(),
    installations: new Map(),
    repositories: new Map(),
    deliveries: [],
    manifestCodes: new Map(),
    personalTokens: new Map(),
    lastId: 1_000,
  };
}

/** Ids are unique over all kinds of things, which GitHub does not promise and nobody may rely on. */
export function nextId(state: State): number {
  state.lastId += 1;
  return state.lastId;
}
