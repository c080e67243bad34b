// The port to what starts by itself: what a conversation asks of schedules and of the findings they keep.

import type { RepositoryRef } from "../world/forge.ts";
import type { Person } from "./run-desk.ts";

/** What somebody wishes of one schedule. */
export interface ScheduleWish {
  act: "run" | "pause" | "resume";
  name: string;
}

/** What became of it. */
export type ScheduleAnswer =
  | {
      kind: "done";
      act: "pause" | "resume";
      name: string;
      next: string | null;
      issue: string | null;
    }
  | { kind: "started"; name: string; run: string; issue: string }
  /** The sentence says why, and what can be done. */
  | { kind: "not-now"; name: string; why: string }
  | { kind: "unknown"; name: string; known: readonly string[] };

/** A person's word on a finding. */
export interface Dismissal {
  id: string;
  /** Null takes an earlier dismissal back. */
  reason: string | null;
}

export type DismissalAnswer =
  | { kind: "dismissed" | "undismissed"; id: string; title: string; issue: string | null }
  /** It is as it was asked to be already. */
  | { kind: "no-change"; id: string; title: string }
  | { kind: "unknown"; id: string };

/** Somebody edited an issue: boxes on the dashboard may be ticked. */
export interface IssueEdited {
  repository: RepositoryRef;
  issue: number;
  body: string;
  /** The body as it was; null when the edit left it alone. */
  before: string | null;
  sender: { id: number; login: string; type: string };
}

export interface ScheduleDesk {
  /** All schedules of a repository, as Markdown. */
  list(repository: RepositoryRef): Promise<string>;
  wish(repository: RepositoryRef, by: Person, wish: ScheduleWish): Promise<ScheduleAnswer>;
  /** Does what is ticked, for whoever may; an edit of anything else is let pass. */
  edited(event: IssueEdited): Promise<void>;
  dismiss(repository: RepositoryRef, by: Person, dismissal: Dismissal): Promise<DismissalAnswer>;
}
