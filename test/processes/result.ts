// What a run leaves on GitHub, as it can be compared between runs: words without times, commits by their trees.

import { execFileSync } from "node:child_process";

import type { Town } from "./town.ts";

export interface Result {
  /** How the bot's comments begin. */
  comments: string[];
  branches: string[];
  pulls: string[];
  /** Files of the final pull request, each with its blob. */
  files: string[];
}

const ENDS = ["✅ Completed", "⚠️ Completed in part", "❌ Failed", "⏹️ Cancelled"];

/** Null as long as the run has not ended. */
export function endOf({ github: { state } }: Pick<Town, "github">): string | null {
  const [comment] = saidBy(state);
  return ENDS.find((end) => comment?.includes(end) === true) ?? null;
}

export function resultOf({ github, gitDir }: Pick<Town, "github" | "gitDir">): Result {
  const git = (...args: string[]): string[] =>
    execFileSync("git", ["--git-dir", gitDir, ...args], { encoding: "utf8" })
      .trim()
      .split("\n");
  const branches = git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/fanfold");
  const result = branches.find((name) => name.endsWith("/result"));
  return {
    comments: saidBy(github.state).map((body) => /<!-- [^>]* -->/u.exec(body)?.[0] ?? body),
    branches: branches.toSorted(),
    // Their numbers depend on who was first.
    pulls: pullsOf(github.state).toSorted(),
    files: result === undefined ? [] : git("ls-tree", "-r", result),
  };
}

type GitHub = Town["github"]["state"];

const repositoriesOf = ({ repositories }: GitHub) => [...repositories.values()];

function saidBy(state: GitHub): string[] {
  return repositoriesOf(state).flatMap(({ comments }) =>
    [...comments.values()].flatMap(({ author, body }) => (author.type === "Bot" ? [body] : [])),
  );
}

/** Each with how many reviews and check runs it has. */
function pullsOf(state: GitHub): string[] {
  return repositoriesOf(state).flatMap(({ issues, reviews, checkRuns }) =>
    [...issues.values()].flatMap(({ number, title, state: stands, pull }) => {
      if (pull === null) return [];
      const reviewed = [...reviews.values()].filter((review) => review.number === number).length;
      const checks = [...checkRuns.values()].filter(({ headSha }) => headSha === pull.head.sha);
      const merged = pull.mergedAt === null ? stands : "merged";
      return `${pull.head.ref} into ${pull.base.ref}: ${title} (${merged}, ${reviewed} reviews, ${checks.length} checks)`;
    }),
  );
}
