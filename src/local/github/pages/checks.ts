// The check runs of a pull request's head, each with its conclusion and what it reports.

import { html, type Html, nothing } from "./html.ts";
import { documentHtml } from "./markdown.ts";
import { checkMark, many } from "./small.ts";
import type { CheckView, RepositoryView } from "./view.ts";

export function checksBox(home: RepositoryView, checks: readonly CheckView[]): Html {
  if (checks.length === 0) return nothing;
  return html`<section class="box checks">
    <h2 class="box-head">${many(checks.length, "check")}</h2>
    ${checks.map((check) => checkRow(home, check))}
  </section>`;
}

function checkRow(home: RepositoryView, check: CheckView): Html {
  const head = html`${checkMark(check)} <strong>${check.name}</strong>
    <span class="sub">${check.title}</span> ${details(check.detailsUrl)}
    <span class="right sub">${(check.conclusion ?? check.status).replaceAll("_", " ")}</span>`;
  if (check.summary.trim() === "") return html`<div class="check">${head}</div>`;
  return html`<details class="check" data-key="check-${check.name}">
    <summary>${head}</summary>
    <div class="markdown">${documentHtml(home, check.summary)}</div>
  </details>`;
}

/** An App may name any address: only those of the web become links. */
function details(url: string | null): Html {
  if (url === null || !/^https?:\/\//i.test(url)) return nothing;
  return html`<a class="sub" href="${url}" rel="noreferrer">Details</a>`;
}
