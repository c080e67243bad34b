// Lists of commits, and one commit with its diff.

import { diffSections } from "./diff-view.ts";
import { fileDiffs } from "./diff.ts";
import { type Commit, commitsIn, commitsPerPage, rawDiff } from "./git.ts";
import { html, type Html, nothing } from "./html.ts";
import { emptyBox, type Page } from "./layout.ts";
import { commitLink, commitsLink, treeLink } from "./links.ts";
import { avatar, skipBadge, time, verifiedBadge } from "./small.ts";
import type { PageSource, RepositoryView } from "./view.ts";

interface Site {
  source: PageSource;
  repository: RepositoryView;
}

export async function commitsPage(
  site: Site,
  { ref, sha, page }: { ref: string; sha: string; page: number },
): Promise<Page> {
  const commits = await commitsIn(site.repository.gitDir, sha, page);
  const link = commitsLink(site.repository, ref);
  return {
    title: `Commits on ${ref}`,
    repository: site.repository,
    tab: "commits",
    main: html`<h1>Commits on <span class="branch">${ref}</span></h1>
      ${commitList(site, commits)}
      <p class="pager">
        ${page > 1 ? html`<a href="${link}?page=${page - 1}">Newer</a>` : nothing}
        ${
          commits.length === commitsPerPage
            ? html`<a href="${link}?page=${page + 1}">Older</a>`
            : nothing
        }
      </p>`,
  };
}

export function commitList({ source, repository }: Site, commits: readonly Commit[]): Html {
  if (commits.length === 0) return emptyBox("No commits here.");
  return html`<ul class="box list">
    ${commits.map(
      (commit) =>
        html`<li>
          <div class="grow">
            <a class="title" href="${commitLink(repository, commit.sha)}">${commit.subject}</a>
            <div class="sub">
              ${avatar(commit.author)} ${commit.author} committed ${time(commit.at)}
            </div>
          </div>
          ${skipBadge(`${commit.subject}\n${commit.body}`)}
          ${verifiedBadge(source.isVerified(repository, commit.sha))}
          <a class="mono" href="${commitLink(repository, commit.sha)}">${commit.sha.slice(0, 7)}</a>
        </li>`,
    )}
  </ul>`;
}

/** Null when there is no such commit. */
export async function commitPage({ source, repository }: Site, sha: string): Promise<Page | null> {
  const [commit] = await commitsIn(repository.gitDir, sha);
  if (commit === undefined) return null;
  const [parent] = commit.parents;
  const diff = fileDiffs(await rawDiff(repository.gitDir, parent ?? null, commit.sha));
  return {
    title: commit.subject,
    repository,
    tab: "commits",
    main: html`<section class="box commit">
        <h1>
          ${commit.subject} ${verifiedBadge(source.isVerified(repository, commit.sha))}
          ${skipBadge(`${commit.subject}\n${commit.body}`)}
        </h1>
        ${commit.body === "" ? nothing : html`<pre class="message">${commit.body}</pre>`}
        <div class="sub">
          ${avatar(commit.author)} ${commit.author} · ${time(commit.at)} ·
          <a href="${treeLink(repository, commit.sha)}">Browse files</a>
          <span class="right mono">
            ${commit.parents.map(
              (one) =>
                html`parent <a href="${commitLink(repository, one)}">${one.slice(0, 7)}</a> `,
            )}
            commit ${commit.sha.slice(0, 12)}
          </span>
        </div>
      </section>
      ${diffSections(diff, { threads: [], repository, sha: commit.sha })}`,
  };
}
