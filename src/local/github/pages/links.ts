// Addresses of the pages; branch names and paths keep their slashes, everything else is encoded.

import type { RepositoryView } from "./view.ts";

export const encodePath = (path: string): string =>
  path.split("/").map(encodeURIComponent).join("/");

export const repositoryLink = ({ owner, name }: RepositoryView): string =>
  `/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;

export const treeLink = (repository: RepositoryView, ref: string, path = ""): string =>
  `${repositoryLink(repository)}/tree/${encodePath(path === "" ? ref : `${ref}/${path}`)}`;

export const blobLink = (repository: RepositoryView, ref: string, path: string): string =>
  `${repositoryLink(repository)}/blob/${encodePath(`${ref}/${path}`)}`;

export const commitsLink = (repository: RepositoryView, ref: string): string =>
  `${repositoryLink(repository)}/commits/${encodePath(ref)}`;

export const commitLink = (repository: RepositoryView, sha: string): string =>
  `${repositoryLink(repository)}/commit/${sha}`;

export const checkLink = (repository: RepositoryView, id: number): string =>
  `${repositoryLink(repository)}/runs/${id}`;

export const issueLink = (repository: RepositoryView, number: number): string =>
  `${repositoryLink(repository)}/issues/${number}`;

export const pullLink = (repository: RepositoryView, number: number): string =>
  `${repositoryLink(repository)}/pull/${number}`;
