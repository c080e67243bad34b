// The figures of the repository half for people: what was measured, beside what it is to be.

import { columns, least, most, row } from "../columns.ts";
import type { RepoDetails, RepoFigures } from "./result.ts";

/** A table in plain text; a goal that was missed is marked, and what was not measured says so. */
export function repoTable(repo: RepoFigures, details: RepoDetails): string {
  const { fanfold = null, worktree = null } = repo.msPerBranch ?? {};
  const ahead = fanfold === null || worktree === null ? null : worktree / fanfold;
  const content = Object.entries(repo.contentRequests ?? {});
  return `${columns([
    [`${repo.workers} writers on ${repo.files} files`, ""],
    row("a branch", fanfold, most(2, "ms")),
    ["a branch by git worktree", shown(worktree, "ms")],
    ["the same branches by the Git Data API", shown(details.apiCalls, "calls")],
    row("ahead of git worktree", ahead, least(1_000, "times")),
    row("growth with ten times the files", repo.growth50kOver5k, most(1.5, "times")),
    row("folding them, on disjoint files", repo.foldDisjointMs, most(500, "ms")),
    row("folding what overlaps", repo.foldOverlappingMs, most(5_000, "ms")),
    ["… of which conflict", shown(details.conflicts, "")],
    row("pushing all branches and the checkpoint", repo.pushMs, most(5_000, "ms")),
    row("pushes that took", repo.pushes, most(1, "")),
    row("a run's first read", repo.firstReadMs, most(1_000, "ms")),
    ["… on an empty disk", shown(details.firstCloneMs, "ms")],
    row("a search", repo.searchMs, most(300, "ms")),
    ["… the first on a commit", shown(details.firstSearchMs, "ms")],
    ["reads", shown(repo.readsPerSecond, "a second")],
    row("memory that reads add", repo.peakMb, most(300, "MB")),
    ...content.map(([writers, count]) =>
      row(`content that a run of ${writers} creates`, count, most(12, "requests")),
    ),
  ])}\n`;
}

function shown(value: number | null | undefined, unit: string): string {
  return value == null ? "not measured" : `${Math.round(value)} ${unit}`.trim();
}
