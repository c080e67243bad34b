// What is found in the state, and how GitHub writes it.

import type { Account, Issue, PullIssue, Repository, Role, State } from "./state.ts";

/** The present as GitHub writes it. */
export const timestamp = (at = new Date()): string => at.toISOString().replace(/\.\d{3}Z$/, "Z");

export function findRepository(
  state: State,
  { owner, name }: { owner: string; name: string },
): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return [...state.repositories.values()].find(
    ({ owner, name }) => `${owner.login}/${name}`.toLowerCase() === wanted,
  );
}

export const findAccount = (state: State, login: string): Account | undefined =>
  state.accounts.get(login.toLowerCase());

export function findPull(repository: Repository, number: number): PullIssue | undefined {
  const issue = repository.issues.get(number);
  return issue !== undefined && isPull(issue) ? issue : undefined;
}

export const isPull = (issue: Issue): issue is PullIssue => issue.pull !== null;

export const pullsOf = (repository: Repository): PullIssue[] =>
  [...repository.issues.values()].filter(isPull);

/** What this person may do there. */
export function roleOf(repository: Repository, account: Account): Role {
  if (account.id === repository.owner.id) return "admin";
  const fallback = repository.private ? "none" : "read";
  return repository.roles.get(account.login.toLowerCase()) ?? fallback;
}
