// Repositories as GitHub's API writes them, with their many addresses.

import { type Actor, canPush } from "../actor.ts";
import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { Repository } from "../state.ts";
import { roleOf } from "../look-up.ts";
import { accountJson, organizationJson } from "./account.ts";

/** Where the API answers for a repository, and where its page is. */
export function addressesOf({ url }: GitHubCore, { owner, name }: Repository) {
  const full = `${encodeURIComponent(owner.login)}/${encodeURIComponent(name)}`;
  return { api: `${url}/repos/${full}`, html: `${url}/${full}` };
}

const templates = {
  archive: "/{archive_format}{/ref}",
  assignees: "{/user}",
  blobs: "/git/blobs{/sha}",
  branches: "{/branch}",
  collaborators: "{/collaborator}",
  comments: "{/number}",
  commits: "{/sha}",
  compare: "/{base}...{head}",
  contents: "/{+path}",
  contributors: "",
  deployments: "",
  downloads: "",
  events: "",
  forks: "",
  git_commits: "/git/commits{/sha}",
  git_refs: "/git/refs{/sha}",
  git_tags: "/git/tags{/sha}",
  hooks: "",
  issue_comment: "/issues/comments{/number}",
  issue_events: "/issues/events{/number}",
  issues: "{/number}",
  keys: "{/key_id}",
  labels: "{/name}",
  languages: "",
  merges: "",
  milestones: "{/number}",
  notifications: "{?since,all,participating}",
  pulls: "{/number}",
  releases: "{/id}",
  stargazers: "",
  statuses: "/statuses/{sha}",
  subscribers: "",
  subscription: "",
  tags: "",
  teams: "",
  trees: "/git/trees{/sha}",
} as const;

/** A template that begins with a path of its own replaces the name; others follow it. */
function addressFields(api: string) {
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => {
      const own = /^\/(git|issues|statuses)\//.test(template);
      return [`${name}_url`, own ? api + template : `${api}/${name}${template}`];
    }),
  );
}

export function repositoryJson(core: GitHubCore, repository: Repository) {
  const { api, html } = addressesOf(core, repository);
  const { id, owner, name, createdAt, pushedAt } = repository;
  const open = [...repository.issues.values()].filter(({ state }) => state === "open").length;
  return {
    id,
    node_id: nodeId("Repository", id),
    name,
    full_name: `${owner.login}/${name}`,
    private: repository.private,
    owner: accountJson(core, owner),
    html_url: html,
    description: null,
    fork: false,
    url: api,
    ...addressFields(api),
    created_at: createdAt,
    updated_at: pushedAt ?? createdAt,
    pushed_at: pushedAt ?? createdAt,
    git_url: `${html.replace(/^http/, "git")}.git`,
    ssh_url: `${html}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** As `GET /repos/{owner}/{repo}` answers to this actor. */
export function fullRepositoryJson(core: GitHubCore, repository: Repository, actor: Actor) {
  return {
    ...repositoryJson(core, repository),
    permissions: permissionsOf(repository, actor),
    network_count: 0,
    subscribers_count: 0,
    ...(repository.owner.type === "Organization"
      ? { organization: accountJson(core, repository.owner) }
      : {}),
  };
}

function permissionsOf(repository: Repository, actor: Actor) {
  const role = actor.kind === "user" ? roleOf(repository, actor.account) : "none";
  const push = actor.kind === "user" && canPush(repository, actor.account);
  return {
    admin: role === "admin",
    maintain: role === "admin" || role === "maintain",
    push,
    triage: push || role === "triage",
    pull: actor.kind === "user" ? role !== "none" : true,
  };
}

/** The short form in installation events. */
export function repositoryNameJson({ id, owner, name, private: isPrivate }: Repository) {
  return {
    id,
    node_id: nodeId("Repository", id),
    name,
    full_name: `${owner.login}/${name}`,
    private: isPrivate,
  };
}

/** What every webhook about a repository carries. */
export function surroundings(core: GitHubCore, repository: Repository) {
  const { owner, installation } = repository;
  return {
    repository: repositoryJson(core, repository),
    ...(owner.type === "Organization" ? { organization: organizationJson(core, owner) } : {}),
    ...(installation === null
      ? {}
      : {
          installation: { id: installation.id, node_id: nodeId("Installation", installation.id) },
        }),
  };
}
