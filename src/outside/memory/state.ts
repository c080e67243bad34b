// What a GitHub in memory knows, open to tests.

import type {
  BranchRule,
  CodeScan,
  Held,
  Reactable,
  Reaction,
  RepositoryRef,
  RoleName,
} from "../../world/forge.ts";
import type { LineComment } from "../../world/pulls.ts";
import type { CheckRun } from "../../world/checks.ts";
import { ForgeError } from "../../world/forge-error.ts";
import type { Home } from "./home.ts";

export interface KeptComment {
  id: number;
  thread: number;
  body: string;
  /** Login; our own is `fanfold[bot]`. */
  author: string;
  /** Every earlier body, oldest first. */
  earlier: string[];
  reactions: { id: number; by: string; content: Reaction }[];
  /** Shown as outdated only. */
  hidden: boolean;
}

export interface KeptIssue {
  number: number;
  title: string;
  body: string;
  /** Login; our own is `fanfold[bot]`. */
  author: string;
  state: "open" | "closed";
  /** Every earlier body, oldest first. */
  earlier: string[];
}

export interface KeptPull {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  merged: boolean;
  draft: boolean;
  labels: string[];
  assignees: string[];
  /** Branch names. */
  head: string;
  base: string;
  /** The head is somebody else's branch: only `refs/pull/N/head` leads to it. */
  isFork: boolean;
  /** Where the branches were when they were last looked at. */
  headSha: string;
  baseSha: string;
}

export interface KeptReview {
  id: number;
  pull: number;
  commit: string;
  body: string;
  threads: (LineComment & { resolved: boolean; hidden: boolean })[];
  hidden: boolean;
}

interface KeptCheck extends CheckRun {
  id: number;
  /** How often it was put after it was made. */
  updates: number;
}

/** A check by what the files of a commit are. */
export type Ci = (commit: {
  sha: string;
  read: (path: string) => Promise<string | null>;
}) => Promise<readonly { name: string; passed: boolean; log: string }[]>;

export interface GitHubState {
  /** What it is called now. */
  ref: RepositoryRef;
  /** Its repository; every ref lives there and only there. */
  readonly home: Home;
  defaultBranch: string;
  private: boolean;
  isFork: boolean;
  isArchived: boolean;
  /** What `held` tells. */
  held: Held | null;
  /** Private repositories of some plans have none. */
  draftsSupported: boolean;
  people: Map<string, { id: number; role: RoleName }>;
  /** Files of the owner's `.github` repository, text by path. */
  ownerFiles: Map<string, string>;
  /** Issues by number; pull requests are threads too. */
  issues: KeptIssue[];
  /** What code scanning was given; `refused` where the installation does not allow it. */
  scans: CodeScan[] | "refused";
  comments: KeptComment[];
  /** Bodies of threads and comments on lines that somebody reacted to. */
  otherBearers: (Reactable & Pick<KeptComment, "reactions">)[];
  labels: { thread: number; name: string }[];
  pulls: KeptPull[];
  reviews: KeptReview[];
  checks: KeptCheck[];
  /** Check runs of other Apps. */
  otherChecks: { sha: string; name: string }[];
  /** What CI says of a commit whose message does not keep it away; null where there is none. */
  ci: Ci | null;
  /** How often each commit's checks were looked at: they are not over at the first look. */
  ciLooks: Map<string, number>;
  /** In force on every branch. */
  rules: BranchRule[];
  /** Commits made through the forge: shown as Verified. */
  verified: Set<string>;
  /** The last number and id given out. */
  last: { number: number; id: number; reaction: number };
}

export const ourLogin = "fanfold[bot]";
const bodyCharacters = 65_536;

export function nextId(state: GitHubState): number {
  state.last.id += 1;
  return state.last.id;
}

export function nextReaction(state: GitHubState): number {
  state.last.reaction += 1;
  return state.last.reaction;
}

export function nextNumber(state: GitHubState): number {
  state.last.number += 1;
  return state.last.number;
}

/** The address of a page, as the real one gives it. */
export function page({ ref }: GitHubState, rest: string): string {
  return `https://memory.invalid/${ref.owner}/${ref.name}${rest}`;
}

export function notFound(what: string): ForgeError {
  return new ForgeError("not-found", `GitHub does not show us ${what}.`);
}

export function refused(why: string): ForgeError {
  return new ForgeError("refused", `GitHub refused: ${why}`);
}

/** GitHub's limit on every text. */
export function checkBody(body: string): void {
  if (body.length > bodyCharacters)
    throw refused(`body is too long (maximum is ${bodyCharacters})`);
}
