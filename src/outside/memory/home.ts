// The repository behind a GitHub in memory, wherever its objects are: what GitHub itself knows of git.

/** One ref to move, by compare-and-swap; null: it is not there. */
export interface HomeMove {
  ref: string;
  from: string | null;
  to: string;
  force: boolean;
}

/** What stands at a path: the text of a file, or that something else is there. */
export type HomeFile = { kind: "text"; text: string } | { kind: "other" };

/** A line that a review may comment on. */
export interface HomePlace {
  path: string;
  line: number;
  side: "LEFT" | "RIGHT";
}

export interface Home {
  /** The commit a full ref name points at. */
  readRef(ref: string): Promise<string | null>;
  has(commit: string): Promise<boolean>;
  /** Whose commit it is; null when it is not here. */
  authorEmail(commit: string): Promise<string | null>;
  /** Its message; null when it is not here. */
  messageOf(commit: string): Promise<string | null>;
  isAncestor(older: string, newer: string): Promise<boolean>;
  /** Whether two histories have anything in common. */
  related(one: string, other: string): Promise<boolean>;
  /** A commit of a tree that is here; null when the tree or a parent is not. */
  createCommit(commit: {
    message: string;
    tree: string;
    parents: readonly string[];
  }): Promise<string | null>;
  /** All or nothing. */
  moveRefs(
    moves: readonly HomeMove[],
  ): Promise<{ kind: "moved" } | { kind: "stale" } | { kind: "refused"; why: string }>;
  /** `at` is a full ref or a commit. Null when it or the path is not there. */
  readFile(at: string, path: string): Promise<HomeFile | null>;
  /** Every line of the hunks between where two commits part and the second, with three lines of context. */
  places(base: string, head: string): Promise<HomePlace[]>;
}
