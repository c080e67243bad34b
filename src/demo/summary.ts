// The demo's JSON: what a person would count on the pages, read through GitHub's own API as that person.

import { Octokit } from "@octokit/rest";

import type { RunData } from "../dashboard/run-data.ts";

/** The contract of `fanfold demo --json`. */
export interface DemoSummary {
  /** Null when the comment started none. */
  run: {
    id: string;
    status: string;
    workflow: string | null;
    phases: { title: string; agents: number; failed: number }[];
    agents: number;
    tokens: number;
    costUsd: number | null;
    seconds: number;
  } | null;
  /** Comments of the bot in the run's thread. */
  comments: number;
  /** Branches of the run, its own one included. */
  branches: string[];
  reviews: number;
  reviewComments: number;
  workerPullRequests: {
    number: number;
    url: string;
    title: string;
    head: string;
    state: string;
    merged: boolean;
  }[];
  finalPullRequest: FinalPull | null;
  checkpointRef: string | null;
}

interface FinalPull {
  number: number;
  url: string;
  title: string;
  head: string;
  base: string;
  draft: boolean;
  commits: number;
  filesChanged: number;
  verifiedCommits: number;
}

export interface SummarySource {
  apiUrl: string;
  /** Token of a person who can read the repository. */
  token: string;
  owner: string;
  repo: string;
  thread: number;
}

/** Reads everything of one run. Every list is read to its last page. */
export async function summarize(source: SummarySource, run: RunData | null): Promise<DemoSummary> {
  const answers = await readAnswers(source);
  if (run === null) return { ...NOTHING, comments: answers.length };
  return { ...(await summarizeRun(source, run)), comments: answers.length };
}

/** What the bot says in the thread, oldest first. */
export async function readAnswers({
  apiUrl,
  token,
  owner,
  repo,
  thread,
}: SummarySource): Promise<string[]> {
  const octokit = new Octokit({ baseUrl: apiUrl, auth: token });
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: thread,
  });
  return comments.flatMap(({ user, body }) => (user?.type === "Bot" ? [body ?? ""] : []));
}

const NOTHING: DemoSummary = {
  run: null,
  comments: 0,
  branches: [],
  reviews: 0,
  reviewComments: 0,
  workerPullRequests: [],
  finalPullRequest: null,
  checkpointRef: null,
};

async function summarizeRun(
  source: SummarySource,
  run: RunData,
): Promise<Omit<DemoSummary, "comments">> {
  const octokit = new Octokit({ baseUrl: source.apiUrl, auth: source.token });
  const at = { owner: source.owner, repo: source.repo };
  const prefix = `fanfold/${run.id}/`;
  const refs = await octokit.paginate(octokit.rest.git.listMatchingRefs, {
    ...at,
    ref: `heads/${prefix}`,
  });
  const pulls = (await octokit.paginate(octokit.rest.pulls.list, { ...at, state: "all" })).filter(
    ({ head }) => head.ref.startsWith(prefix),
  );
  const counts = await Promise.all(
    pulls.map(({ number }) => countReviews(octokit, { ...at, pull_number: number })),
  );
  const states = await octokit.paginate(octokit.rest.git.listMatchingRefs, {
    ...at,
    ref: `fanfold/runs/${run.id}/state`,
  });
  const final = pulls.find(({ head }) => head.ref === `${prefix}result`);
  return {
    run: {
      id: run.id,
      status: run.status,
      workflow: run.workflow,
      phases: run.phases.map(({ title, agents, failed }) => ({ title, agents, failed })),
      agents: run.agents,
      tokens: run.tokens,
      costUsd: run.costUsd,
      seconds: run.seconds,
    },
    branches: refs.map(({ ref }) => ref.replace("refs/heads/", "")),
    reviews: counts.reduce((sum, { reviews }) => sum + reviews, 0),
    reviewComments: counts.reduce((sum, { reviewComments }) => sum + reviewComments, 0),
    workerPullRequests: pulls
      .filter((pull) => pull !== final)
      .map(({ number, html_url, title, head, state, merged_at }) => ({
        number,
        url: html_url,
        title,
        head: head.ref,
        state,
        merged: merged_at !== null,
      }))
      .sort((a, b) => a.number - b.number),
    finalPullRequest:
      final === undefined ? null : await readFinal(octokit, { ...at, pull_number: final.number }),
    checkpointRef: states[0]?.ref ?? null,
  };
}

type PullAt = { owner: string; repo: string; pull_number: number };

async function countReviews(
  octokit: Octokit,
  at: PullAt,
): Promise<{ reviews: number; reviewComments: number }> {
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, at);
  const reviewComments = await octokit.paginate(octokit.rest.pulls.listReviewComments, at);
  return { reviews: reviews.length, reviewComments: reviewComments.length };
}

async function readFinal(octokit: Octokit, at: PullAt): Promise<FinalPull> {
  const { data: pull } = await octokit.rest.pulls.get(at);
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, at);
  return {
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    head: pull.head.ref,
    base: pull.base.ref,
    draft: pull.draft ?? false,
    commits: commits.length,
    filesChanged: pull.changed_files,
    verifiedCommits: commits.filter(({ commit }) => commit.verification?.verified === true).length,
  };
}
