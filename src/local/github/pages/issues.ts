// Issues: the list, one issue's conversation, and the form for a new one.

import { commentForm, newIssueForm } from "./forms.ts";
import { html, type Html, nothing } from "./html.ts";
import { icon } from "./icons.ts";
import { emptyBox, type Page } from "./layout.ts";
import { issueLink, repositoryLink } from "./links.ts";
import { issueState, many, person, stateBadge, stateIcon, time } from "./small.ts";
import { commentBox, issueComment } from "./thread.ts";
import type { IssueView, PageSource, RepositoryView } from "./view.ts";

export function issuesPage(source: PageSource, repository: RepositoryView): Page {
  const issues = source.issues(repository).toReversed();
  const list =
    issues.length === 0
      ? emptyBox("No issue yet.")
      : html`<ul class="box list">
          ${issues.map((issue) => issueRow(repository, issue))}
        </ul>`;
  return {
    title: "Issues",
    repository,
    tab: "issues",
    live: true,
    main: html`<div class="bar">
        <h1>Issues</h1>
        <a class="button right" href="${repositoryLink(repository)}/issues/new">New issue</a>
      </div>
      ${list}`,
  };
}

function issueRow(repository: RepositoryView, issue: IssueView): Html {
  return html`<li>
    ${stateIcon(issueState(issue))}
    <div class="grow">
      <a class="title" href="${issueLink(repository, issue.number)}">${issue.title}</a>
      <div class="sub">#${issue.number} opened ${time(issue.createdAt)} by ${issue.author}</div>
    </div>
    ${commentCount(issue.comments.length)}
  </li>`;
}

export const commentCount = (count: number): Html =>
  count === 0
    ? nothing
    : html`<span class="sub" title="${many(count, "comment")}">${icon("comment")} ${count}</span>`;

export function issuePage(
  source: PageSource,
  { repository, issue }: { repository: RepositoryView; issue: IssueView },
): Page {
  return {
    title: `${issue.title} · Issue #${issue.number}`,
    repository,
    tab: "issues",
    live: true,
    main: html`<h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
      <p class="lead">
        ${stateBadge(issueState(issue))} ${person(issue.author)} opened this issue
        ${time(issue.createdAt)} · ${many(issue.comments.length, "comment")}
      </p>
      <div class="conversation">
        ${commentBox(repository, { ...issue, did: "opened", id: `issue-${issue.number}` })}
        ${issue.comments.map((one) => issueComment(repository, one))}
      </div>`,
    after: commentForm(source, { repository, number: issue.number }),
  };
}

export function newIssuePage(source: PageSource, repository: RepositoryView): Page {
  return {
    title: "New issue",
    repository,
    tab: "issues",
    main: html`<h1>New issue</h1>`,
    after: newIssueForm(source, repository),
  };
}
