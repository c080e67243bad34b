// One comment, and one review thread: the resolved ones folded away.

import { hunkRows } from "./diff.ts";
import { diffRow } from "./diff-row.ts";
import { html, type Html, nothing } from "./html.ts";
import { commentHtml } from "./markdown.ts";
import { avatar, many, person, reactions, time } from "./small.ts";
import type { CommentView, RepositoryView, ThreadView } from "./view.ts";

export interface CommentHead {
  author: string;
  createdAt: string;
  updatedAt?: string;
  /** `commented`, `opened this` … */
  did: string;
  id: string;
  body: string;
  below?: Html;
}

/** A box with a head that says who and when, and a text in Markdown. */
export function commentBox(home: RepositoryView, head: CommentHead): Html {
  const { body, below = nothing } = head;
  const edited = head.updatedAt !== undefined && head.updatedAt !== head.createdAt;
  return html`<article class="comment" id="${head.id}">
    ${avatar(head.author)}
    <div class="box">
      <div class="box-head">
        ${person(head.author)} ${head.did}
        <a class="sub" href="#${head.id}">${time(head.createdAt)}</a>
        ${edited ? html`<span class="sub" title="${head.updatedAt}">· edited</span>` : nothing}
      </div>
      <div class="markdown">
        ${body.trim() === "" ? html`<em>No description.</em>` : commentHtml(home, body)}
      </div>
      ${below}
    </div>
  </article>`;
}

export function issueComment(home: RepositoryView, comment: CommentView): Html {
  const id = `issuecomment-${comment.id}`;
  const box = commentBox(home, {
    author: comment.author,
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    did: "commented",
    id,
    below: reactions(comment.reactions),
  });
  if (!comment.minimized) return box;
  return html`<details class="minimized" data-key="${id}">
    <summary>Hidden comment of ${comment.author}</summary>
    ${box}
  </details>`;
}

/** With `hunk`, the lines it is about are shown above, for where the diff is not. */
export function threadBox(
  home: RepositoryView,
  thread: ThreadView,
  { hunk }: { hunk: boolean },
): Html {
  const content = html`${hunk ? hunkTable(thread) : nothing}
    <div class="thread-comments">
      ${thread.comments.map((comment) => threadComment(home, comment))}
    </div>`;
  const key = `thread-${thread.id}`;
  if (thread.resolvedBy === null) return html`<div class="thread" id="${key}">${content}</div>`;
  return html`<details class="thread resolved" id="${key}" data-key="${key}">
    <summary>
      <span class="badge verified">Resolved</span> by ${thread.resolvedBy} ·
      ${many(thread.comments.length, "comment")}
    </summary>
    ${content}
  </details>`;
}

/** Where a thread stands, for pages that do not show the whole diff. */
export function threadPlace({ path, line }: ThreadView): Html {
  const outdated = line === null ? html` <span class="badge quiet">Outdated</span>` : nothing;
  return html`<span class="mono path">${path}${line === null ? "" : `:${line}`}</span>${outdated}`;
}

function hunkTable({ diffHunk }: ThreadView): Html {
  const rows = hunkRows(diffHunk);
  return rows.length === 0
    ? nothing
    : html`<table class="code hunk-table">
        ${rows.map(diffRow)}
      </table>`;
}

function threadComment(home: RepositoryView, comment: CommentView): Html {
  return html`<div class="thread-comment" id="discussion_r${comment.id}">
    <div class="who">
      ${avatar(comment.author)} ${person(comment.author)}
      <a class="sub" href="#discussion_r${comment.id}">${time(comment.createdAt)}</a>
    </div>
    <div class="markdown">${commentHtml(home, comment.body)}</div>
    ${reactions(comment.reactions)}
  </div>`;
}
