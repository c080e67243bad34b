// Pull requests and reviews in our words.

export interface PullRequest {
  number: number;
  url: string;
  title: string;
  body: string;
  state: "open" | "closed";
  merged: boolean;
  draft: boolean;
  /** `sameRepository` is false for a fork's (or a deleted fork's) branch: nothing is ever written there. */
  head: { ref: string; sha: string; sameRepository: boolean };
  base: { ref: string; sha: string };
}

/** A finding placed on a line of the diff, right side unless `side` says otherwise. */
export interface LineComment {
  path: string;
  line: number;
  side: "LEFT" | "RIGHT";
  body: string;
}

export interface Review {
  id: number;
  url: string;
  body: string;
}

export interface NewReview {
  /** The head the lines were computed for. */
  commit: string;
  body: string;
  comments: readonly LineComment[];
}
