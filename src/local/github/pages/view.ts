// What the pages show, as plain data: the whole of what they know about the local GitHub.

export interface RepositoryView {
  owner: string;
  name: string;
  private: boolean;
  defaultBranch: string;
  /** The bare repository on disk. */
  gitDir: string;
}

export interface AccountView {
  login: string;
  type: "User" | "Organization" | "Bot";
}

export interface PersonView {
  login: string;
  /** As GitHub names it: none, read, triage, write, maintain, admin. */
  role: string;
}

export interface CommentView {
  id: number;
  author: string;
  body: string;
  /** ISO 8601, like every time here. */
  createdAt: string;
  updatedAt: string;
  /** How many of each, by GitHub's names: `+1`, `eyes`, `rocket` … */
  reactions: Readonly<Record<string, number>>;
  minimized: boolean;
}

export interface IssueView {
  number: number;
  title: string;
  body: string;
  author: string;
  createdAt: string;
  state: "open" | "closed";
  comments: readonly CommentView[];
}

export type PullState = "open" | "draft" | "merged" | "closed";

export interface PullView extends Omit<IssueView, "state"> {
  state: PullState;
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
  reviews: readonly ReviewView[];
  threads: readonly ThreadView[];
  endedAt: string | null;
}

export interface ReviewView {
  id: number;
  author: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  /** Null while it is pending: nobody but its author sees it then, so it is not shown. */
  submittedAt: string | null;
}

export interface ThreadView {
  id: number;
  /** Of its first comment. */
  reviewId: number | null;
  path: string;
  /** Null when the lines it was about are no longer in the diff. */
  line: number | null;
  side: "LEFT" | "RIGHT";
  diffHunk: string;
  resolvedBy: string | null;
  comments: readonly CommentView[];
}

export interface CheckView {
  id: number;
  headSha: string;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  title: string;
  summary: string;
  detailsUrl: string | null;
  /** What a job of CI wrote. */
  log: string | null;
  notes: readonly { path: string; line: number; level: string; title: string; message: string }[];
  /** Buttons that people see now. */
  buttons: readonly { label: string; description: string; identifier: string }[];
}

export interface DeliveryView {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  at: string;
  durationMs: number;
  /** Null when no answer came. */
  statusCode: number | null;
  status: string;
  redelivery: boolean;
}

/** Where the pages read from, and the few things a person can do in them. */
export interface PageSource {
  repositories(): readonly RepositoryView[];
  accounts(): readonly AccountView[];
  people(repository: RepositoryView): readonly PersonView[];
  issues(repository: RepositoryView): readonly IssueView[];
  pulls(repository: RepositoryView): readonly PullView[];
  checks(repository: RepositoryView, sha: string): readonly CheckView[];
  /** Null when there is none with this number. */
  check(repository: RepositoryView, id: number): CheckView | null;
  /** GitHub made and signed this commit. */
  isVerified(repository: RepositoryView, sha: string): boolean;
  deliveries(): readonly DeliveryView[];
  comment(repository: RepositoryView, number: number, said: Said): Promise<void>;
  /** Resolves to the new issue's number. */
  createIssue(repository: RepositoryView, issue: Said & { title: string }): Promise<number>;
  /** Clicks a button of a check run, or asks for the whole check again when `identifier` is left out. */
  press(repository: RepositoryView, check: number, pressed: Pressed): Promise<void>;
  redeliver(deliveryId: number): Promise<void>;
}

export interface Pressed {
  as: string;
  identifier: string | null;
}

export interface Said {
  as: string;
  body: string;
}
