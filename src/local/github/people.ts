// What a test or a demo does with the local GitHub as its master: accounts, repositories, roles, and people who speak.

import { join } from "node:path";

import { type GitHubCore, hasApp, type RepositoryName, type Said } from "./core.ts";
import { addAccount } from "./accounts.ts";
import { apiPrefixes } from "./api.ts";
import { createBareRepository } from "./git.ts";
import { installHooks } from "./hooks.ts";
import { commentJson, issueJson } from "./render/issue.ts";
import { addressesOf } from "./render/repository.ts";
import { openIssue, say } from "./rules/speak.ts";
import {
  type Account,
  type Installation,
  nextId,
  type Repository,
  type Role,
  type State,
} from "./state.ts";
import { findAccount, findRepository, timestamp } from "./look-up.ts";
import { alphanumeric } from "./tokens.ts";
import { installed, repositoryAdded } from "./webhooks/events.ts";

const loginPattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const namePattern = /^[A-Za-z0-9._-]{1,100}$/;

export interface NewUser {
  login: string;
}

/** A person with a token of their own for the API and for git. */
export function createUser(
  { state }: GitHubCore,
  { login }: NewUser,
): { id: number; login: string; token: string } {
  mustBeFree(state, login);
  const account = addAccount(state, login, "User");
  const token = `ghp_${alphanumeric(36)}`;
  state.personalTokens.set(token, account);
  return { id: account.id, login, token };
}

function mustBeFree(state: State, login: string): void {
  const reserved: readonly string[] = [...apiPrefixes, "_", "apps", "organizations", "settings"];
  if (!loginPattern.test(login) || reserved.includes(login.toLowerCase())) {
    throw new Error(
      `"${login}" cannot be a login: use letters, digits and hyphens, and none of ${reserved.join(", ")}.`,
    );
  }
  if (findAccount(state, login) !== undefined) throw new Error(`The login ${login} is taken.`);
}

export interface NewRepository extends RepositoryName {
  private?: boolean;
  defaultBranch?: string;
}

/** An empty repository on which the App is installed, if there is one; an owner nobody knows becomes an organization. */
export async function createRepository(
  core: GitHubCore,
  { owner, name, private: isPrivate = false, defaultBranch = "main" }: NewRepository,
): Promise<Repository> {
  const { state } = core;
  if (!namePattern.test(name) || name.endsWith(".git") || /^\.+$/.test(name)) {
    throw new Error(`"${name}" cannot be a repository's name: use letters, digits, ".", "-", "_".`);
  }
  if (findRepository(state, { owner, name })) throw new Error(`${owner}/${name} exists already.`);
  const account = findAccount(state, owner) ?? newOrganization(state, owner);
  const id = nextId(state);
  const gitDir = join(core.dataDir, "repositories", `${id}.git`);
  await createBareRepository(gitDir, defaultBranch);
  await installHooks(gitDir);
  const known = [...state.installations.values()].find((one) => one.account === account);
  const installation = known ?? (hasApp(core) ? newInstallation(state, account) : null);
  const repository: Repository = {
    ...emptyRepository(),
    id,
    owner: account,
    name,
    private: isPrivate,
    defaultBranch,
    gitDir,
    installation,
  };
  state.repositories.set(id, repository);
  if (known !== undefined) repositoryAdded(core, repository, known);
  else if (installation !== null) installed(core, installation, [repository]);
  return repository;
}

function newOrganization(state: State, login: string): Account {
  mustBeFree(state, login);
  return addAccount(state, login, "Organization");
}

export function newInstallation(state: State, account: Account): Installation {
  const made = { id: nextId(state), account, createdAt: timestamp() };
  const installation = { ...made, suspendedAt: null, permissions: null };
  state.installations.set(installation.id, installation);
  return installation;
}

const emptyRepository = () => ({
  roles: new Map(),
  createdAt: timestamp(),
  pushedAt: null,
  refs: new Map(),
  verified: new Map(),
  issues: new Map(),
  comments: new Map(),
  reviews: new Map(),
  reviewComments: new Map(),
  threads: new Map(),
  checkRuns: new Map(),
  statuses: [],
  scans: [],
  rules: [],
});

/** Rejects with a sentence when there is no such repository. */
export function repositoryOf({ state }: GitHubCore, wanted: RepositoryName): Repository {
  const found = findRepository(state, wanted);
  if (found !== undefined) return found;
  throw new Error(`There is no repository ${wanted.owner}/${wanted.name}.`);
}

function accountOf({ state }: GitHubCore, login: string): Account {
  const found = findAccount(state, login);
  if (found !== undefined) return found;
  throw new Error(`There is no account ${login}; create it first.`);
}

export function setRole(
  core: GitHubCore,
  wanted: RepositoryName,
  { login, role }: { login: string; role: Role },
) {
  const repository = repositoryOf(core, wanted);
  repository.roles.set(accountOf(core, login).login.toLowerCase(), role);
}

/** Opens an issue as if the person had typed it. */
export async function createIssue(
  core: GitHubCore,
  wanted: RepositoryName,
  { as, title, body }: Said & { title: string },
): Promise<{ number: number; url: string }> {
  const repository = repositoryOf(core, wanted);
  const scene = { core, repository, sender: accountOf(core, as) };
  const issue = openIssue(scene, { title, body });
  return { number: issue.number, url: issueJson(core, repository, issue).html_url };
}

/** Comments as if the person had typed it in the page. */
export async function comment(
  core: GitHubCore,
  wanted: RepositoryName,
  { number, as, body }: Said & { number: number },
): Promise<{ id: number; url: string }> {
  const repository = repositoryOf(core, wanted);
  const issue = repository.issues.get(number);
  if (issue === undefined) {
    throw new Error(
      `${addressesOf(core, repository).html} has no issue or pull request #${number}.`,
    );
  }
  const said = say({ core, repository, sender: accountOf(core, as) }, issue, body);
  return { id: said.id, url: commentJson(core, repository, said).html_url };
}
