// The front page: every repository on this local GitHub.

import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { emptyBox, type Page } from "./layout.ts";
import { repositoryLink } from "./links.ts";
import { many } from "./small.ts";
import type { PageSource, RepositoryView } from "./view.ts";

export function homePage(source: PageSource): Page {
  const repositories = source.repositories();
  const list =
    repositories.length === 0
      ? emptyBox("No repository yet.")
      : html`<ul class="box list">
          ${repositories.map((repository) => row(source, repository))}
        </ul>`;
  return {
    title: "Repositories",
    repository: null,
    tab: null,
    live: true,
    main: html`<h1>Repositories</h1>
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
