// Check runs in our words: our own, with their notes and buttons, and those of others.

export type Conclusion = "success" | "neutral" | "failure" | "cancelled" | "action_required";

export interface CheckRun {
  name: string;
  headSha: string;
  /** Our key: one check run for one key and head. */
  externalId: string;
  title: string;
  summary: string;
  /** Null while in progress. */
  conclusion: Conclusion | null;
  detailsUrl?: string;
  /** What stands on lines of files, in an order that stays; each is sent once, however often the check is put. */
  annotations?: readonly Annotation[];
  /** Buttons; GitHub shows them once there is a conclusion. */
  actions?: readonly CheckAction[];
}

/** A note on a line of a file, as a check run shows it. */
export interface Annotation {
  path: string;
  line: number;
  level: "notice" | "warning" | "failure";
  title: string;
  message: string;
}

/** A button of a check run; GitHub takes at most 20 characters of a label and an identifier, 40 of a description. */
export interface CheckAction {
  label: string;
  description: string;
  /** What we are told when somebody clicks. */
  identifier: string;
}

/** A check run of ours as it stands on GitHub. */
export interface OurCheck {
  id: number;
  externalId: string;
  /** GitHub's own writing of the moment; null while in progress. */
  completedAt: string | null;
}

/** A check run of somebody else's on a commit, or a status of the older kind. */
export interface OtherCheck {
  kind: "run" | "status";
  /** Of a check run; 0 for a status. */
  id: number;
  name: string;
  state: "pending" | "passed" | "failed" | "skipped";
  /** GitHub's own word for it, such as `timed_out`. */
  said: string;
  /** Page for people. */
  url: string | null;
  /** Its run is a job of GitHub Actions, which has a log. */
  hasLog: boolean;
}
