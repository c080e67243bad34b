// A repository's files: the folder at a commit with its README, and single files with line numbers.

import { branchesOf, commitsIn, entriesOf, type Entry, fileAt, type FileContent } from "./git.ts";
import { html, type Html, nothing } from "./html.ts";
import { icon } from "./icons.ts";
import { emptyBox, type Page } from "./layout.ts";
import { blobLink, commitLink, commitsLink, repositoryLink, treeLink } from "./links.ts";
import { documentHtml } from "./markdown.ts";
import { avatar, many, size, time, verifiedBadge } from "./small.ts";
import type { PageSource, RepositoryView } from "./view.ts";

/** A place in the files: `ref` as people name it, the commit it means, and a path in it. */
export interface Place {
  ref: string;
  sha: string;
  path: string;
}

/** Null when there is no such folder. */
export async function folderPage(
  source: PageSource,
  { repository, place }: { repository: RepositoryView; place: Place },
): Promise<Page | null> {
  const entries = await entriesOf(repository.gitDir, place.sha, place.path);
  if (entries === null) return null;
  const readme = entries.find(({ name, kind }) => kind === "blob" && /^readme(\.md)?$/i.test(name));
  const main = html`${await bar(repository, place)} ${await latest(source, repository, place)}
    <ul class="box list files">
      ${place.path === "" ? nothing : parentRow(repository, place)}
      ${entries.map((entry) => entryRow(repository, { place, entry }))}
    </ul>
    ${readme === undefined ? nothing : await readmeBox(repository, { place, readme })}`;
  const title = place.path === "" ? repository.name : place.path;
  return { title: `${title} at ${place.ref}`, repository, tab: "code", main };
}

export function emptyRepositoryPage(repository: RepositoryView): Page {
  const text = `This repository is empty: nothing was pushed to ${repository.defaultBranch} yet.`;
  return { title: repository.name, repository, tab: "code", main: emptyBox(text) };
}

async function bar(repository: RepositoryView, place: Place): Promise<Html> {
  const branches = await branchesOf(repository.gitDir);
  return html`<div class="bar">
    <a class="branch" href="${treeLink(repository, place.ref)}">${icon("branch")} ${place.ref}</a>
    ${trail(repository, place)}
    <span class="right"
      ><a href="${repositoryLink(repository)}/branches"
        >${many(branches.length, "branch", "branches")}</a
      ></span
    >
  </div>`;
}

function trail(repository: RepositoryView, { ref, path }: Place): Html {
  if (path === "") return nothing;
  const steps = path.split("/");
  return html`<span class="trail"
    ><a href="${treeLink(repository, ref)}">${repository.name}</a>${steps.map((step, index) => {
      const upTo = steps.slice(0, index + 1).join("/");
      const last = index === steps.length - 1;
      return html` / ${last ? step : html`<a href="${treeLink(repository, ref, upTo)}">${step}</a>`}`;
    })}</span
  >`;
}

async function latest(source: PageSource, repository: RepositoryView, place: Place): Promise<Html> {
  const [commit] = await commitsIn(repository.gitDir, place.sha);
  if (commit === undefined) return nothing;
  return html`<div class="box latest">
    ${avatar(commit.author)} <strong>${commit.author}</strong>
    <a class="subject" href="${commitLink(repository, commit.sha)}">${commit.subject}</a>
    ${verifiedBadge(source.isVerified(repository, commit.sha))}
    <span class="right sub"
      ><a class="mono" href="${commitLink(repository, commit.sha)}">${commit.sha.slice(0, 7)}</a> ·
      ${time(commit.at)} · <a href="${commitsLink(repository, place.ref)}">History</a></span
    >
  </div>`;
}

function parentRow(repository: RepositoryView, { ref, path }: Place): Html {
  const parent = path.split("/").slice(0, -1).join("/");
  return html`<li><a href="${treeLink(repository, ref, parent)}">..</a></li>`;
}

function entryRow(
  repository: RepositoryView,
  { place, entry }: { place: Place; entry: Entry },
): Html {
  const folder = entry.kind === "tree";
  const link = folder
    ? treeLink(repository, place.ref, entry.path)
    : blobLink(repository, place.ref, entry.path);
  return html`<li>
    <span class="state-icon ${folder ? "folder" : ""}">${icon(folder ? "folder" : "file")}</span>
    ${entry.kind === "commit" ? entry.name : html`<a href="${link}">${entry.name}</a>`}
    <span class="right sub">${entry.bytes === null ? "" : size(entry.bytes)}</span>
  </li>`;
}

async function readmeBox(
  repository: RepositoryView,
  { place, readme }: { place: Place; readme: Entry },
): Promise<Html> {
  const content = await fileAt(repository.gitDir, place.sha, readme.path);
  if (content?.kind !== "text") return nothing;
  return html`<section class="box readme">
    <h2 class="box-head">${icon("file")} ${readme.name}</h2>
    <div class="markdown">${documentHtml(repository, content.text)}</div>
  </section>`;
}

/** Null when there is no such file. */
export async function filePage(repository: RepositoryView, place: Place): Promise<Page | null> {
  const content = await fileAt(repository.gitDir, place.sha, place.path);
  if (content === null) return null;
  return {
    title: place.path,
    repository,
    tab: "code",
    main: html`${await bar(repository, place)}
      <section class="box file">${shown(content)}</section>`,
  };
}

function shown(content: FileContent): Html {
  if (content.kind === "binary")
    return html`<p class="empty">Binary file, ${size(content.bytes)}.</p>`;
  if (content.kind === "large")
    return html`<p class="empty">This file is too large to show: ${size(content.bytes)}.</p>`;
  const lines = content.text.replace(/\n$/, "").split("\n");
  return html`<div class="box-head sub">${many(lines.length, "line")}</div>
    <table class="code">
      ${lines.map(
        (line, index) =>
          html`<tr id="L${index + 1}">
            <td class="number"><a href="#L${index + 1}">${index + 1}</a></td>
            <td class="line">${line}</td>
          </tr>`,
      )}
    </table>`;
}
