// The figures of the repository half for people: what was measured, beside what it is to be.

import { columns, least, most, row } from "../columns.ts";
import type { RepoDetails } from "./measure.ts";
import type { RepoResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function repoTable({ repo }: RepoResult, details: RepoDetails): string {
  const { fanfold, worktree } = repo.msPerBranch;
  return `${columns([
    [`${repo.workers} writers on ${repo.files} files`, ""],
    row("a branch", fanfold, most(2, "ms")),
    ["a branch by git worktree", `${worktree} ms`],
    ["the same branches by the Git Data API", `${details.apiCalls} calls`],
    row("ahead of git worktree", worktree / fanfold, least(1_000, "times")),
    row("growth with ten times the files", repo.growth50kOver5k, most(1.5, "times")),
    row("folding them, on disjoint files", repo.foldDisjointMs, most(500, "ms")),
    row("folding what overlaps", repo.foldOverlappingMs, most(5_000, "ms")),
    ["… of which conflict", String(details.conflicts)],
    row("pushing all branches and the checkpoint", repo.pushMs, most(5_000, "ms")),
    row("pushes that took", repo.pushes, most(1, "")),
    row("a run's first read", repo.firstReadMs, most(1_000, "ms")),
    ["… on an empty disk", `${Math.round(details.firstCloneMs)} ms`],
    row("a search", repo.searchMs, most(300, "ms")),
    ["… the first on a commit", `${Math.round(details.firstSearchMs)} ms`],
    ["reads", `${repo.readsPerSecond} a second`],
    row("memory that reads add", repo.peakMb, most(300, "MB")),
  ])}\n`;
}
