// How the owner's file and a repository's own meet where both say something: the stricter word holds.

import { type Role, roles } from "../command/verb-entry.ts";

export const either = (owner: boolean, repository: boolean): boolean => owner || repository;

export const less = (owner: number, repository: number): number => Math.min(owner, repository);

/** Null is "no such bound" where nothing was said; who set it to a number keeps it. */
export const lessOfBoth = (owner: number | null, repository: number | null): number | null =>
  owner === null ? repository : repository === null ? owner : Math.min(owner, repository);

const ASKINGS = ["never", "large", "always"] as const;
type Asking = (typeof ASKINGS)[number];

export const moreOften = (owner: Asking, repository: Asking): Asking =>
  ASKINGS.indexOf(owner) > ASKINGS.indexOf(repository) ? owner : repository;

const KEEPINGS = ["never", "private", "always"] as const;
type Keeping = (typeof KEEPINGS)[number];

export const lessOften = (owner: Keeping, repository: Keeping): Keeping =>
  KEEPINGS.indexOf(owner) < KEEPINGS.indexOf(repository) ? owner : repository;

export const higherRole = (owner: Role, repository: Role): Role =>
  roles.indexOf(owner) > roles.indexOf(repository) ? owner : repository;

export const inBoth = (owner: string[], repository: string[]): string[] =>
  repository.filter((name) => owner.includes(name));

export const joined = <T>(owner: T[], repository: T[]): T[] => [...owner, ...repository];
