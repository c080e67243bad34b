// Who is asking, and what they may do.

import { forbidden, needsAuthentication, notFound, Refusal } from "./errors.ts";
import type { Account, Installation, Level, Permissions, Repository, Role } from "./state.ts";
import { roleOf } from "./look-up.ts";

/** What an installation token was minted with. */
export interface Grant {
  installation: Installation;
  permissions: Permissions;
  /** Null: every repository of the installation. */
  repositoryIds: readonly number[] | null;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export type Actor =
  | { kind: "app" }
  | { kind: "installation"; grant: Grant; bot: Account }
  | { kind: "user"; account: Account }
  | { kind: "anonymous" };

/** The account that what is created belongs to. */
export function accountOf(actor: Actor): Account {
  switch (actor.kind) {
    case "installation":
      return actor.bot;
    case "user":
      return actor.account;
    case "anonymous":
      throw needsAuthentication();
    case "app":
      throw new Refusal(401, "A JSON web token cannot be used here; use an installation token");
  }
}

const writers: readonly Role[] = ["write", "maintain", "admin"];

export const canPush = (repository: Repository, account: Account): boolean =>
  writers.includes(roleOf(repository, account));

export function reaches(grant: Grant, repository: Repository): boolean {
  if (repository.installation?.id !== grant.installation.id) return false;
  return grant.repositoryIds === null || grant.repositoryIds.includes(repository.id);
}

export function holds({ permissions }: Grant, name: string, level: Level): boolean {
  const held = name === "metadata" ? (permissions[name] ?? "read") : permissions[name];
  return held === "write" || held === level;
}

/** Refuses with 404 what this actor may not even know of. */
export function mustSee(repository: Repository, actor: Actor): void {
  if (!repository.private) return;
  const sees =
    (actor.kind === "installation" && reaches(actor.grant, repository)) ||
    (actor.kind === "user" && roleOf(repository, actor.account) !== "none");
  if (!sees) throw notFound();
}

/** One of these permissions is enough; people need the role that goes with it. */
export interface Need {
  anyOf: readonly string[];
  level: Level;
  /** Reading and speaking need no role in a public repository; pushing does. */
  role?: "push";
}

/** Refuses with 401, 403 or 404, as GitHub would. */
export function mustMay(repository: Repository, actor: Actor, need: Need): void {
  mustSee(repository, actor);
  switch (actor.kind) {
    case "app":
      throw new Refusal(
        401,
        "A JSON web token could not be used for this; use an installation token",
      );
    case "anonymous":
      if (need.level === "write") throw needsAuthentication();
      return;
    case "user":
      if (need.role === "push" && !canPush(repository, actor.account)) throw notFound();
      return;
    case "installation":
      return mustBeGranted(repository, actor.grant, need);
  }
}

function mustBeGranted(repository: Repository, grant: Grant, { anyOf, level }: Need): void {
  // What is public can be read by anyone, whatever the token was minted for.
  if (level === "read" && !repository.private) return;
  if (!reaches(grant, repository)) throw forbidden();
  if (!anyOf.some((name) => holds(grant, name, level))) throw forbidden();
}
