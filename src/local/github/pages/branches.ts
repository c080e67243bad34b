// All branches: how far each is from the default branch, its newest commit and its pull request.

import { type Branch, branchesOf, distance } from "./git.ts";
import { html, type Html, nothing } from "./html.ts";
import { emptyBox, type Page } from "./layout.ts";
import { commitLink, commitsLink, pullLink, treeLink } from "./links.ts";
import { avatar, branchLabel, skipBadge, stateIcon, time, verifiedBadge } from "./small.ts";
import type { PageSource, PullView, RepositoryView } from "./view.ts";

/** Counting walks commits; past this many branches only the names are shown. */
const countedBranches = 200;

export async function branchesPage(source: PageSource, repository: RepositoryView): Promise<Page> {
  const branches = await branchesOf(repository.gitDir);
  const pulls = source.pulls(repository);
  const isDefault = ({ name }: Branch) => name === repository.defaultBranch;
  const ordered = [...branches.filter(isDefault), ...branches.filter((one) => !isDefault(one))];
  const rows: Html[] = [];
  for (const [index, branch] of ordered.entries()) {
    const pull = pulls.findLast(({ head }) => head.ref === branch.name);
    const counted = index < countedBranches && !isDefault(branch);
    rows.push(await row({ source, repository }, { branch, pull, counted }));
  }
  const list =
    rows.length === 0
      ? emptyBox("No branch was pushed yet.")
      : html`<ul class="box list">
          ${rows}
        </ul>`;
  return {
    title: "Branches",
    repository,
    tab: "branches",
    live: true,
    main: html`<h1>Branches <span class="count">${branches.length}</span></h1>
      ${list}`,
  };
}

interface Row {
  branch: Branch;
  pull: PullView | undefined;
  counted: boolean;
}

async function row(
  { source, repository }: { source: PageSource; repository: RepositoryView },
  { branch, pull, counted }: Row,
): Promise<Html> {
  const away = counted
    ? await distance(repository.gitDir, `refs/heads/${repository.defaultBranch}`, branch.sha)
    : null;
  return html`<li class="branch-row">
    <div class="grow">
      ${branchLabel(branch.name, treeLink(repository, branch.name))}
      ${branch.name === repository.defaultBranch ? html`<span class="pill">default</span>` : nothing}
      <div class="sub">
        ${avatar(branch.author)} ${branch.author} ·
        <a class="mono" href="${commitLink(repository, branch.sha)}">${branch.sha.slice(0, 7)}</a>
        ${branch.subject} ${verifiedBadge(source.isVerified(repository, branch.sha))}
        ${skipBadge(branch.subject)} · ${time(branch.at)}
      </div>
    </div>
    ${away === null ? nothing : distanceBadge(away, commitsLink(repository, branch.name))}
    ${
      pull === undefined
        ? nothing
        : html`<a class="pull-link" href="${pullLink(repository, pull.number)}"
            >${stateIcon(pull.state)} #${pull.number}</a
          >`
    }
  </li>`;
}

function distanceBadge({ ahead, behind }: { ahead: number; behind: number }, link: string): Html {
  return html`<a class="distance" href="${link}"
    ><span title="commits the default branch has and this one has not">${behind} behind</span>
    <span title="commits this branch has and the default branch has not">${ahead} ahead</span></a
  >`;
}
