// Diffs as tables, with review threads under the lines they are about.

import type { FileDiff, Row } from "./diff.ts";
import { diffRow } from "./diff-row.ts";
import { html, type Html, nothing } from "./html.ts";
import { icon } from "./icons.ts";
import { blobLink } from "./links.ts";
import { balance, many } from "./small.ts";
import { threadBox } from "./thread.ts";
import type { RepositoryView, ThreadView } from "./view.ts";

export interface DiffOptions {
  threads: readonly ThreadView[];
  repository: RepositoryView;
  /** The commit on the right-hand side, for links to whole files. */
  sha: string;
}

/** Larger diffs of one file are named, not shown. */
const shownRows = 3_000;

export function diffSections(files: readonly FileDiff[], options: DiffOptions): Html {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return html`<p class="diff-summary">
      <strong>${many(files.length, "file")} changed</strong> ${balance(additions, deletions)}
    </p>
    ${files.map((file) => fileSection(file, options))}`;
}

function fileSection(file: FileDiff, options: DiffOptions): Html {
  const threads = options.threads.filter(({ path }) => path === file.path);
  const loose = threads.filter((thread) => !file.rows.some((row) => isAt(row, thread)));
  return html`<details class="box diff" open>
    <summary class="box-head">
      ${icon("file")}
      <span class="mono path"
        >${file.previousPath === null ? nothing : html`${file.previousPath} → `}${file.path}</span
      >
      ${file.status === "modified" ? nothing : html`<span class="pill">${file.status}</span>`}
      <span class="right"
        >${balance(file.additions, file.deletions)}
        ${
          file.status === "removed"
            ? nothing
            : html`<a class="sub" href="${blobLink(options.repository, options.sha, file.path)}"
                >View file</a
              >`
        }</span
      >
    </summary>
    ${loose.map((thread) => html`<div class="loose">${threadBox(options.repository, thread, { hunk: true })}</div>`)}
    ${fileBody(file, { ...options, threads })}
  </details>`;
}

function fileBody(file: FileDiff, { repository, threads }: DiffOptions): Html {
  if (file.binary) return html`<p class="empty">Binary file not shown.</p>`;
  if (file.rows.length === 0) return html`<p class="empty">No lines changed.</p>`;
  if (file.rows.length > shownRows)
    return html`<p class="empty">Large diff not shown: ${many(file.rows.length, "line")}.</p>`;
  return html`<table class="code">
    ${file.rows.map((row) => [
      diffRow(row),
      ...threads
        .filter((thread) => isAt(row, thread))
        .map(
          (thread) =>
            html`<tr class="thread-row">
              <td colspan="3">${threadBox(repository, thread, { hunk: false })}</td>
            </tr>`,
        ),
    ])}
  </table>`;
}

function isAt(row: Row, { line, side }: ThreadView): boolean {
  if (row.kind === "hunk" || row.kind === "note" || line === null) return false;
  return (side === "LEFT" ? row.left : row.right) === line;
}
