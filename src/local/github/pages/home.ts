// Lists of repositories: all of this local GitHub, an owner's, and those an App is installed on.

import { html, type Html, nothing } from "./html.ts";
import { icon } from "./icons.ts";
import { emptyBox, type Page } from "./layout.ts";
import { repositoryLink } from "./links.ts";
import { many } from "./small.ts";
import type { AccountView, PageSource, RepositoryView } from "./view.ts";

export const homePage = (source: PageSource): Page => listPage(source, { title: "Repositories" });

/** Of a person or an organization; null when there is nobody of that name. */
export function ownerPage(source: PageSource, login: string): Page | null {
  const owner = source.accounts().find((one) => isSame(one.login, login) && one.type !== "Bot");
  return owner === undefined ? null : listPage(source, { title: owner.login, owner });
}

/** Of an App, by its slug. */
export function appPage(source: PageSource, slug: string): Page | null {
  const app = source.accounts().find((one) => isSame(one.login, `${slug}[bot]`));
  const installed = { href: `/apps/${slug.toLowerCase()}/installations/new`, text: "Install" };
  return app === undefined ? null : listPage(source, { title: app.login, button: installed });
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

interface LinkLook {
  href: string;
  text: string;
}

function listPage(
  source: PageSource,
  { title, owner, button }: { title: string; owner?: AccountView; button?: LinkLook },
): Page {
  const repositories = source
    .repositories()
    .filter((one) => owner === undefined || isSame(one.owner, owner.login));
  const list =
    repositories.length === 0
      ? emptyBox("No repository yet.")
      : html`<ul class="box list">
          ${repositories.map((repository) => row(source, repository))}
        </ul>`;
  return {
    title,
    repository: null,
    tab: null,
    live: true,
    main: html`<div class="bar">
        <h1>${title}</h1>
        ${button === undefined ? nothing : html`<a class="button right" href="${button.href}">${button.text}</a>`}
      </div>
      ${list}`,
  };
}

function row(source: PageSource, repository: RepositoryView): Html {
  const link = repositoryLink(repository);
  const issues = source.issues(repository).length;
  const pulls = source.pulls(repository).length;
  return html`<li>
    <span class="state-icon">${icon("repository")}</span>
    <div>
      <a class="title" href="${link}">${repository.owner}/${repository.name}</a>
      <span class="pill">${repository.private ? "Private" : "Public"}</span>
      <div class="sub">
        <a href="${link}/issues">${many(issues, "issue")}</a> ·
        <a href="${link}/pulls">${many(pulls, "pull request")}</a> ·
        <a href="${link}/branches">branches</a>
      </div>
    </div>
  </li>`;
}
