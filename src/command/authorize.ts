// Who may command: a pure decision over a live role, never over what a comment says about its author.

import type { RoleName } from "../world/forge.ts";
import type { Requirement } from "./verb-entry.ts";

/** Who stands behind an event: the comment's author as GitHub keeps it, and the account that sent the event. */
export interface Speaker {
  authorId: number;
  senderId: number;
  /** GitHub's word for the kind of account: `User`, `Bot`, `Organization`. */
  senderType: string;
  /** The comment was made through some App with a person's token. */
  viaApp: boolean;
}

/** Why an event is not a person speaking; told to the log only, since answering an App can loop. */
export type NotAPerson = "not-a-user" | "not-the-author" | "through-an-app";

/** The kind of event that is not a person speaking in their own comment; null for a person. */
export function notAPerson(speaker: Speaker): NotAPerson | null {
  if (speaker.senderType !== "User") return "not-a-user";
  if (speaker.senderId !== speaker.authorId) return "not-the-author";
  if (speaker.viaApp) return "through-an-app";
  return null;
}

/** What the live permission call said, or that it could not be asked. */
export type Permission = { kind: "known"; role: RoleName; userId: number } | { kind: "unknown" };

export type Decision =
  | { allowed: true }
  | { allowed: false; why: "role"; has: RoleName; needs: Exclude<Requirement, "anyone"> }
  /** The login now belongs to another account than the one that spoke. */
  | { allowed: false; why: "other-account" }
  /** Could not be checked, so: no. */
  | { allowed: false; why: "unchecked" };

const ranks: Readonly<Record<RoleName, number>> = {
  none: 0,
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
};

/** Whether a person with this permission may do what needs `needs`. Fails closed. */
export function authorize(
  senderId: number,
  permission: Permission,
  needs: Exclude<Requirement, "anyone">,
): Decision {
  if (permission.kind === "unknown") return { allowed: false, why: "unchecked" };
  if (ranks[permission.role] < ranks[needs]) {
    return { allowed: false, why: "role", has: permission.role, needs };
  }
  if (permission.userId !== senderId) return { allowed: false, why: "other-account" };
  return { allowed: true };
}
