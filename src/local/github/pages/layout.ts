// The frame around every page: header, the repository's tabs, the part that refreshes itself, and what stays put.

import { html, type Html, nothing } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { commitsLink, repositoryLink } from "./links.ts";
import type { PageSource, RepositoryView } from "./view.ts";

export type Tab = "code" | "issues" | "pulls" | "branches" | "commits" | "deliveries";

export interface Page {
  title: string;
  repository: RepositoryView | null;
  tab: Tab | null;
  /** Fetched again every few seconds when `live`. */
  main: Html;
  live?: boolean;
  /** Of `main` as it is shown; the page fetches it again and compares. */
  version?: string;
  /** Where else a form of it may lead, e.g. `https://example.com`: after it has been sent here. */
  formsTo?: string;
  /** Below the rest and never replaced: what someone is typing is safe here. */
  after?: Html;
}

export function layout(source: PageSource, page: Page): Html {
  const { title, repository, main, live = false, version = "", after = nothing } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Local GitHub</title>
        <link rel="icon" href="/_/icon.svg" />
        <link rel="stylesheet" href="/_/page.css" />
        <script src="/_/page.js" defer></script>
      </head>
      <body>
        <header class="top">
          <a class="home" href="/">${icon("repository")} Local GitHub</a>
          ${repository === null ? nothing : crumbs(repository)}
          <a class="right" href="/_/deliveries">${icon("bell")} Webhooks</a>
        </header>
        ${repository === null ? nothing : tabs(source, { repository, current: page.tab })}
        <div class="page">
          <main id="main" ${live ? html`data-live="${version}"` : nothing}>${main}</main>
          ${after}
        </div>
        <footer>
          A stand-in for GitHub on this machine, for trying things out. Nothing here leaves it.
        </footer>
      </body>
    </html>`;
}

function crumbs(repository: RepositoryView): Html {
  const kind = repository.private ? "Private" : "Public";
  return html`<span class="crumbs"
    ><a class="owner" href="/${encodeURIComponent(repository.owner)}">${repository.owner}</a>
    <span class="slash">/</span>
    <a href="${repositoryLink(repository)}">${repository.name}</a>
    <span class="pill">${kind}</span></span
  >`;
}

function tabs(
  source: PageSource,
  { repository, current }: { repository: RepositoryView; current: Tab | null },
): Html {
  const link = repositoryLink(repository);
  const issues = source.issues(repository).filter(({ state }) => state === "open").length;
  const pulls = source.pulls(repository).filter(isOpen).length;
  const tab = (name: Tab, { href, text, sign, count }: TabLook): Html =>
    html`<a href="${href}" ${name === current ? html`aria-current="page"` : nothing}
      >${icon(sign)} ${text} ${count ? html`<span class="count">${count}</span>` : nothing}</a
    >`;
  return html`<nav class="tabs" aria-label="Repository">
    ${tab("code", { href: link, text: "Code", sign: "code" })}
    ${tab("issues", { href: `${link}/issues`, text: "Issues", sign: "issue", count: issues })}
    ${tab("pulls", { href: `${link}/pulls`, text: "Pull requests", sign: "pull", count: pulls })}
    ${tab("branches", { href: `${link}/branches`, text: "Branches", sign: "branch" })}
    ${tab("commits", {
      href: commitsLink(repository, repository.defaultBranch),
      text: "Commits",
      sign: "commit",
    })}
    ${tab("deliveries", { href: `${link}/deliveries`, text: "Webhooks", sign: "bell" })}
  </nav>`;
}

interface TabLook {
  href: string;
  text: string;
  sign: IconName;
  count?: number;
}

const isOpen = ({ state }: { state: string }): boolean => state === "open" || state === "draft";

/** For what is not there: says what was asked for and where to go on. */
export const emptyBox = (text: string): Html => html`<p class="box empty">${text}</p>`;
