// Reviews, their comments and threads, as the local GitHub remembers them.

import type { Account, Reaction } from "./state.ts";

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  id: number;
  /** Of the pull request. */
  number: number;
  author: Account;
  state: ReviewState;
  body: string;
  commit: string;
  /** Null while pending. */
  submittedAt: string | null;
  minimized: string | null;
}

export type Side = "LEFT" | "RIGHT";

export interface ReviewComment {
  id: number;
  number: number;
  reviewId: number;
  threadId: number;
  /** The comment that this one answers. */
  replyTo: number | null;
  author: Account;
  body: string;
  createdAt: string;
  updatedAt: string;
  reactions: Reaction[];
  minimized: string | null;
}

/** A conversation about a place in the diff; its comments are those with its id, oldest first. */
export interface ReviewThread {
  id: number;
  number: number;
  path: string;
  subject: "line" | "file";
  side: Side;
  /** Null when what it was about is no longer in the diff, or when it is about a whole file. */
  line: number | null;
  startLine: number | null;
  startSide: Side | null;
  /** Counted in lines of the file's patch. */
  position: number | null;
  commit: string;
  original: {
    commit: string;
    line: number | null;
    startLine: number | null;
    position: number | null;
  };
  diffHunk: string;
  resolvedBy: Account | null;
}
