// Commits, refs and changed files as GitHub's API writes them.

import type { FileChange } from "../changes.ts";
import type { Commit, Person } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { Account, Repository } from "../state.ts";
import { accountJson } from "./account.ts";
import { addressesOf } from "./repository.ts";

/** Whether GitHub made and signed this commit; what was pushed carries no signature we could check. */
export function verificationJson(repository: Repository, sha: string) {
  const signed = repository.verified.get(sha);
  if (signed === undefined) {
    return {
      verified: false,
      reason: "unsigned",
      signature: null,
      payload: null,
      verified_at: null,
    };
  }
  return {
    verified: true,
    reason: "valid",
    signature: null,
    payload: null,
    verified_at: signed.at,
  };
}

/** As `git/commits` answers. */
export function gitCommitJson(core: GitHubCore, repository: Repository, commit: Commit) {
  const { api, html } = addressesOf(core, repository);
  const { sha, tree, author, committer, message } = commit;
  return {
    sha,
    node_id: nodeId("Commit", sha),
    url: `${api}/git/commits/${sha}`,
    html_url: `${html}/commit/${sha}`,
    author,
    committer,
    tree: { sha: tree, url: `${api}/git/trees/${tree}` },
    message,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/git/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
    verification: verificationJson(repository, sha),
  };
}

/** As `commits` answers, without the files. */
export function commitJson(core: GitHubCore, repository: Repository, commit: Commit) {
  const { api, html } = addressesOf(core, repository);
  const { sha, tree, author, committer, message } = commit;
  const self = `${api}/commits/${sha}`;
  return {
    sha,
    node_id: nodeId("Commit", sha),
    commit: {
      author,
      committer,
      message,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification: verificationJson(repository, sha),
    },
    url: self,
    html_url: `${html}/commit/${sha}`,
    comments_url: `${self}/comments`,
    author: behind(core, author),
    committer: behind(core, committer),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
}

/** The account behind an address of the form `<id>+<login>@users.noreply.github.com`. */
export const addressOf = ({ id, login }: Account): string =>
  `${id}+${login}@users.noreply.github.com`;

function behind(core: GitHubCore, { email }: Person) {
  const account = [...core.state.accounts.values()].find((one) => addressOf(one) === email);
  return account === undefined ? null : accountJson(core, account);
}

export function fileJson(
  core: GitHubCore,
  repository: Repository,
  { sha, file }: { sha: string; file: FileChange },
) {
  const { api, html } = addressesOf(core, repository);
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

export function statsOf(files: readonly FileChange[]) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { additions, deletions, total: additions + deletions };
}

export function refJson(
  core: GitHubCore,
  repository: Repository,
  { ref, sha, type }: { ref: string; sha: string; type: string },
) {
  const { api } = addressesOf(core, repository);
  return {
    ref,
    node_id: nodeId("Ref", `${repository.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  };
}
