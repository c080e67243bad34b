// What the table of verbs has in each row.

/** Roles that a verb may ask for, the least one first. */
export const roles = ["triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/** The least role a verb asks for; `anyone` still gets one short answer and no model call. */
export type Requirement = "anyone" | Role;

/** What may stand behind a verb. */
export type Takes =
  | "task"
  | "decision"
  | "nothing"
  /** It takes nothing, and words do no harm. */
  | "anything"
  | "run"
  | "run and flags"
  | "run and amount"
  | "run or name"
  | "run and name"
  | "run and agent"
  | "run and what-if"
  | "schedule"
  | "finding"
  | "finding and reason";

/**
 * What a verb does to the world: `starts` costs money or changes something, so that it is refused while a repository is
 * closed; `stops` and `tells` do their work even when the settings cannot be read; `settings` are about the settings themselves.
 */
export type Effect = "starts" | "stops" | "tells" | "settings";

export interface VerbEntry {
  usage: string;
  does: string;
  needs: Requirement;
  /** The least role that a repository may open it to; without it none below `needs`. */
  opensTo?: Role;
  takes: Takes;
  effect: Effect;
  /** Other words that people use for it. They are suggested, and start nothing. */
  aka: readonly string[];
}
