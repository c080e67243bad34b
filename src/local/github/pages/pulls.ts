// Pull requests: the list, and one with its conversation, its commits and its files.

import { checksBox } from "./checks.ts";
import { commitList } from "./commits.ts";
import { conversation, isVisible } from "./conversation.ts";
import { diffSections } from "./diff-view.ts";
import { fileDiffs } from "./diff.ts";
import { commentForm } from "./forms.ts";
import { commitsIn, mergeBase, rawDiff } from "./git.ts";
import { html, type Html, nothing } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { commentCount } from "./issues.ts";
import { emptyBox, type Page } from "./layout.ts";
import { pullLink, treeLink } from "./links.ts";
import { branchLabel, many, person, stateBadge, stateIcon, time } from "./small.ts";
import type { PageSource, PullView, RepositoryView } from "./view.ts";

export interface PullPlace {
  source: PageSource;
  repository: RepositoryView;
  pull: PullView;
}

type PullTab = "conversation" | "commits" | "files";

export function pullsPage(source: PageSource, repository: RepositoryView): Page {
  const pulls = source.pulls(repository).toReversed();
  const list =
    pulls.length === 0
      ? emptyBox("No pull request yet.")
      : html`<ul class="box list">
          ${pulls.map((pull) => pullRow(repository, pull))}
        </ul>`;
  const main = html`<h1>Pull requests</h1>
    ${list}`;
  return { title: "Pull requests", repository, tab: "pulls", live: true, main };
}

function pullRow(repository: RepositoryView, pull: PullView): Html {
  return html`<li>
    ${stateIcon(pull.state)}
    <div class="grow">
      <a class="title" href="${pullLink(repository, pull.number)}">${pull.title}</a>
      <div class="sub">
        #${pull.number} by ${pull.author} ${time(pull.createdAt)} ·
        ${branchLabel(pull.head.ref, treeLink(repository, pull.head.ref))} → ${pull.base.ref}
      </div>
    </div>
    ${
      pull.threads.length === 0
        ? nothing
        : html`<span class="sub">${many(pull.threads.length, "thread")}</span>`
    }
    ${commentCount(pull.comments.length + pull.reviews.length)}
  </li>`;
}

export function pullPage(place: PullPlace): Page {
  const { source, repository, pull } = place;
  const checks = source.checks(repository, pull.head.sha);
  const content = html`<div class="conversation">${conversation(pull, repository)}</div>
    ${checksBox(repository, checks)}`;
  return {
    ...frame(place, "conversation", content),
    live: true,
    after: commentForm(source, { repository, number: pull.number }),
  };
}

export async function pullCommitsPage(place: PullPlace): Promise<Page> {
  const { repository, pull } = place;
  const range = await rangeOf(place);
  const commits =
    range === null ? [] : await commitsIn(repository.gitDir, `${range}..${pull.head.sha}`);
  return frame(place, "commits", commitList(place, commits.toReversed()));
}

export async function pullFilesPage(place: PullPlace): Promise<Page> {
  const { repository, pull } = place;
  const range = await rangeOf(place);
  if (range === null) return frame(place, "files", emptyBox("The two branches share no history."));
  const diff = fileDiffs(await rawDiff(repository.gitDir, range, pull.head.sha));
  const threads = pull.threads.filter((thread) => isVisible(pull, thread));
  const gone = threads.filter((thread) => !diff.some(({ path }) => path === thread.path));
  const options = { threads, repository, sha: pull.head.sha };
  const content = html`${
    gone.length === 0
      ? nothing
      : html`<p class="sub">
          ${many(gone.length, "thread")} about files that are no longer in this diff: see the
          conversation.
        </p>`
  }
  ${diffSections(diff, options)}`;
  return frame(place, "files", content);
}

/** Against the base where it was when the head left it, as GitHub's three-dot diff. */
const rangeOf = ({ repository, pull }: PullPlace): Promise<string | null> =>
  mergeBase(repository.gitDir, pull.base.sha, pull.head.sha);

function frame({ repository, pull }: PullPlace, tab: PullTab, content: Html): Page {
  const link = pullLink(repository, pull.number);
  return {
    title: `${pull.title} · Pull request #${pull.number}`,
    repository,
    tab: "pulls",
    main: html`<h1>${pull.title} <span class="muted">#${pull.number}</span></h1>
      <p class="lead">
        ${stateBadge(pull.state)} ${person(pull.author)}
        ${pull.state === "merged" ? "merged" : "wants to merge"} into
        ${branchLabel(pull.base.ref, treeLink(repository, pull.base.ref))} from
        ${branchLabel(pull.head.ref, treeLink(repository, pull.head.ref))}
        ${pull.endedAt === null ? nothing : time(pull.endedAt)}
      </p>
      <nav class="subtabs" aria-label="Pull request">
        ${subtab("comment", { text: "Conversation", href: link, current: tab === "conversation" })}
        ${subtab("commit", { text: "Commits", href: `${link}/commits`, current: tab === "commits" })}
        ${subtab("file", { text: "Files changed", href: `${link}/files`, current: tab === "files" })}
      </nav>
      ${content}`,
  };
}

const subtab = (
  sign: IconName,
  { text, href, current }: { text: string; href: string; current: boolean },
): Html =>
  html`<a href="${href}" ${current ? html`aria-current="page"` : nothing}
    >${icon(sign)} ${text}</a
  >`;
