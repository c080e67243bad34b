// People, bots, organizations, the App and its installations as GitHub's API writes them.

import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import {
  type Account,
  type Installation,
  type Reaction,
  reactionNames,
  type Repository,
} from "../state.ts";
import { roleOf } from "../look-up.ts";

export function accountJson({ url }: GitHubCore, account: Account) {
  const { login, id, type } = account;
  const self = `${url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type === "Bot" ? "Bot" : "Account", id),
    avatar_url: `${url}/_/avatars/${id}`,
    gravatar_id: "",
    url: self,
    html_url: type === "Bot" ? `${url}/apps/${login.replace(/\[bot\]$/, "")}` : `${url}/${login}`,
    followers_url: `${self}/followers`,
    following_url: `${self}/following{/other_user}`,
    gists_url: `${self}/gists{/gist_id}`,
    starred_url: `${self}/starred{/owner}{/repo}`,
    subscriptions_url: `${self}/subscriptions`,
    organizations_url: `${self}/orgs`,
    repos_url: `${self}/repos`,
    events_url: `${self}/events{/privacy}`,
    received_events_url: `${self}/received_events`,
    type,
    site_admin: false,
  };
}

/** As `GET /users/{username}` answers. */
export function publicAccountJson(core: GitHubCore, account: Account) {
  const owned = [...core.state.repositories.values()].filter(({ owner }) => owner === account);
  return {
    ...accountJson(core, account),
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: owned.filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

export function organizationJson({ url }: GitHubCore, { login, id }: Account) {
  const self = `${url}/orgs/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId("Account", id),
    url: self,
    repos_url: `${self}/repos`,
    events_url: `${self}/events`,
    hooks_url: `${self}/hooks`,
    issues_url: `${self}/issues`,
    members_url: `${self}/members{/member}`,
    public_members_url: `${self}/public_members{/member}`,
    avatar_url: `${url}/_/avatars/${id}`,
    description: null,
  };
}

export function appJson(core: GitHubCore) {
  const { app, url } = core;
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: accountJson(core, app.owner),
    name: app.name,
    description: app.description,
    external_url: url,
    html_url: `${url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** The App of GitHub's own CI. */
export function actionsAppJson(core: GitHubCore) {
  return {
    ...appJson(core),
    id: 15_368,
    slug: "github-actions",
    node_id: nodeId("App", 15_368),
    name: "GitHub Actions",
    html_url: `${core.url}/apps/github-actions`,
  };
}

export function installationJson(core: GitHubCore, installation: Installation) {
  const { app, url } = core;
  const { id, account, createdAt, suspendedAt } = installation;
  return {
    id,
    account: accountJson(core, account),
    repository_selection: "selected" as const,
    access_tokens_url: `${url}/app/installations/${id}/access_tokens`,
    repositories_url: `${url}/installation/repositories`,
    html_url: `${url}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions ?? app.permissions,
    events: app.events,
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt === null ? null : accountJson(core, account),
    suspended_at: suspendedAt,
  };
}

/** How someone stands to a repository, as GitHub puts it beside what they wrote. */
export function associationOf(repository: Repository, account: Account) {
  if (account.id === repository.owner.id) return "OWNER" as const;
  if (account.type === "Bot") return "NONE" as const;
  const known = repository.roles.has(account.login.toLowerCase());
  return known && roleOf(repository, account) !== "none"
    ? ("COLLABORATOR" as const)
    : ("NONE" as const);
}

/** What was made by the App shows the App. */
export const viaApp = (core: GitHubCore, author: Account) =>
  author.id === core.app.bot.id ? appJson(core) : null;

export function reactionsJson(url: string, reactions: readonly Reaction[]) {
  const count = (name: Reaction["content"]): number =>
    reactions.filter(({ content }) => content === name).length;
  const counts = Object.fromEntries(reactionNames.map((name) => [name, count(name)]));
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts };
}

export function reactionJson(core: GitHubCore, { id, content, author, createdAt }: Reaction) {
  return {
    id,
    node_id: nodeId("Reaction", id),
    user: accountJson(core, author),
    content,
    created_at: createdAt,
  };
}
