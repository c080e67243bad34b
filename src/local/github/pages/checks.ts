// The check runs of a pull request's head, each with its conclusion and what it reports; and the page of one, with its buttons.

import { html, type Html, nothing } from "./html.ts";
import type { Page } from "./layout.ts";
import { blobLink, checkLink, commitLink } from "./links.ts";
import { documentHtml } from "./markdown.ts";
import { checkMark, many } from "./small.ts";
import type { CheckView, PageSource, RepositoryView } from "./view.ts";

export function checksBox(home: RepositoryView, checks: readonly CheckView[]): Html {
  if (checks.length === 0) return nothing;
  return html`<section class="box checks">
    <h2 class="box-head">${many(checks.length, "check")}</h2>
    ${checks.map((check) => checkRow(home, check))}
  </section>`;
}

function checkRow(home: RepositoryView, check: CheckView): Html {
  const page = html`<a class="sub" href="${checkLink(home, check.id)}">Page</a>`;
  const head = html`${checkMark(check)} <strong>${check.name}</strong>
    <span class="sub">${check.title}</span> ${page} ${details(check.detailsUrl)}
    <span class="right sub">${(check.conclusion ?? check.status).replaceAll("_", " ")}</span>`;
  if (check.summary.trim() === "" && check.notes.length === 0)
    return html`<div class="check">${head}</div>`;
  return html`<details class="check" data-key="check-${check.name}">
    <summary>${head}</summary>
    <div class="markdown">${documentHtml(home, check.summary)}</div>
    ${noteList(home, check)}
  </details>`;
}

/** An App may name any address: only those of the web become links. */
function details(url: string | null): Html {
  if (url === null || !/^https?:\/\//i.test(url)) return nothing;
  return html`<a class="sub" href="${url}" rel="noreferrer">Details</a>`;
}

function noteList(home: RepositoryView, { notes, headSha }: CheckView): Html {
  if (notes.length === 0) return nothing;
  return html`<ul class="list">
    ${notes.map(
      ({ path, line, level, title, message }) =>
        html`<li>
          <span class="pill">${level}</span>
          <a href="${blobLink(home, headSha, path)}#L${line}">${path}:${line}</a>
          <div class="grow"><strong>${title}</strong> ${message}</div>
        </li>`,
    )}
  </ul>`;
}

/** One check run: what it reports, its buttons, and the wish to have it again. */
export function checkPage(
  source: PageSource,
  { repository, check }: { repository: RepositoryView; check: CheckView },
): Page {
  const { name, title, summary, headSha } = check;
  return {
    title: `${name} · Check run`,
    repository,
    tab: "pulls",
    main: html`<h1>${checkMark(check)} ${name}</h1>
      <p class="lead">
        ${title} · ${(check.conclusion ?? check.status).replaceAll("_", " ")} ·
        <a href="${commitLink(repository, headSha)}">${headSha.slice(0, 7)}</a>
        ${details(check.detailsUrl)}
      </p>
      <div class="box"><div class="markdown">${documentHtml(repository, summary)}</div></div>
      ${check.log === null ? nothing : html`<pre class="box">${check.log}</pre>`}
      ${noteList(repository, check)}`,
    after: pressForm(source, { repository, check }),
  };
}

function pressForm(
  source: PageSource,
  { repository, check }: { repository: RepositoryView; check: CheckView },
): Html {
  const people = source.people(repository);
  if (people.length === 0) return nothing;
  const buttons = [
    ...check.buttons.map(
      ({ label, description, identifier }) =>
        html`<button name="identifier" value="${identifier}" title="${description}">
          ${label}
        </button>`,
    ),
    html`<button name="identifier" value="">Re-run</button>`,
  ];
  return html`<form class="box speak" method="post" action="${checkLink(repository, check.id)}">
    <label class="box-head"
      >Click as
      <select name="as">
        ${people.map(({ login, role }) => html`<option value="${login}">${login} (${role})</option>`)}
      </select></label
    >
    <div class="send">${buttons}</div>
  </form>`;
}
