// What a fleet leaves on GitHub, thread by thread, as it can be compared: no ids, no numbers, no times.

import { execFileSync } from "node:child_process";

import type { Place, Town } from "./town.ts";

type GitHub = Town["github"]["state"];
type Repository = GitHub["repositories"] extends Map<number, infer One> ? One : never;

/** What one run left, each a text; sorted where order depends on who was first. */
export interface Left {
  /** Of the bot in the run's thread. */
  comments: string[];
  /** Each with its title, its text, its reviews, what is said in it, and its checks. */
  pulls: string[];
  /** Refs of the run, with the tree that each stands on. */
  refs: string[];
}

const ENDS = ["✅ Completed", "⚠️ Completed in part", "❌ Failed", "⏹️ Cancelled"];

/** How the run of a place ended; null as long as it has not. */
export function endOf({ github: { state } }: Pick<Town, "github">, place: Place): string | null {
  const [comment = ""] = saidIn(repositoryAt(state, place), place.number);
  return ENDS.find((end) => comment.includes(end)) ?? null;
}

/** Of every place in their order. */
export const endsOf = (town: Pick<Town, "github" | "places">): (string | null)[] =>
  town.places.map((place) => endOf(town, place));

/** Of every place in their order. */
export function leftBy({ github: { state }, places }: Town): Left[] {
  const refs = new Map<string, [name: string, tree: string][]>();
  return places.map((place) => {
    const all = refs.get(place.gitDir) ?? refsIn(place.gitDir);
    refs.set(place.gitDir, all);
    return leftAt(repositoryAt(state, place), place, all);
  });
}

function leftAt(
  repository: Repository,
  { number }: Place,
  refs: readonly [name: string, tree: string][],
): Left {
  const comments = saidIn(repository, number);
  const run = /wf-[0-9a-v]{10}/u.exec(comments.join("\n"))?.[0] ?? "no run";
  const issues = [...repository.issues.values()];
  const pulls = issues.flatMap((issue) =>
    issue.pull?.head.ref.includes(run) === true ? [pullText(repository, issue, issue.pull)] : [],
  );
  const own = refs.filter(([name]) => name.includes(run));
  const { login: owner } = repository.owner;
  const plainly = (text: string): string => plain(text.replaceAll(owner, "the owner"), run);
  return {
    comments: comments.map(plainly).toSorted(),
    pulls: pulls.map(plainly).toSorted(),
    refs: own.map(([name, tree]) => `${name.replace(run, "the run")} ${tree}`).toSorted(),
  };
}

function repositoryAt(state: GitHub, { owner, name }: Place): Repository {
  const found = [...state.repositories.values()].find(
    (one) => one.owner.login === owner && one.name === name,
  );
  if (found === undefined) throw new Error(`There is no repository ${owner}/${name}.`);
  return found;
}

function saidIn({ comments }: Repository, thread: number): string[] {
  return [...comments.values()].flatMap(({ author, body, number }) =>
    author.type === "Bot" && number === thread ? [body] : [],
  );
}

type Issue = Repository["issues"] extends Map<number, infer One> ? One : never;

function pullText(
  repository: Repository,
  { number, title, body, state }: Issue,
  { head, base, mergedAt }: NonNullable<Issue["pull"]>,
): string {
  const reviews = [...repository.reviews.values()].filter((one) => one.number === number);
  const lines = [...repository.reviewComments.values()].filter((one) => one.number === number);
  const checks = [...repository.checkRuns.values()].filter((one) => one.headSha === head.sha);
  return [
    `${head.ref} into ${base.ref}, ${mergedAt === null ? state : "merged"}: ${title}`,
    body ?? "",
    ...reviews.map((one) => `review, ${one.state}: ${one.body}`).toSorted(),
    ...lines.map((one) => `in a review: ${one.body}`).toSorted(),
    ...saidIn(repository, number).map((one) => `said: ${one}`),
    ...checks.map((one) => `check ${one.name}: ${one.status}, ${one.conclusion}`).toSorted(),
  ].join("\n");
}

function refsIn(gitDir: string): [name: string, tree: string][] {
  const format = "--format=%(refname) %(tree)";
  const args = ["--git-dir", gitDir, "for-each-ref", format, "refs/heads", "refs/fanfold"];
  const lines = execFileSync("git", args, { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [name = "", tree = ""] = line.split(" ");
    // A checkpoint is sealed anew with each push; that it is there is what counts.
    return [name, name.endsWith("/state") ? "a checkpoint" : tree];
  });
}

/**
 * Ids and numbers follow from who was first, commits and durations from times, the order of lines from who was done first, and
 * what is paid from what the provider's cache still knew.
 */
function plain(text: string, run: string): string {
  const lines = text
    .replaceAll(run, "the run")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, "GitHub")
    .replaceAll(
      /\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{12}|[0-9a-f]{8}|[0-9a-f]{7})\b/gu,
      "a hash",
    )
    .replaceAll(/(?<=#|\/pull\/|\/issues\/|\/runs\/|issuecomment-)\d+/gu, "N")
    .replaceAll(/\$[\d.]+|[\d,]+ tokens|\d+ %|\d+ (?:h|min|s)\b(?: \d+ (?:min|s)\b)*/gu, "some")
    // What a plan quotes is a range, or one figure where earlier runs of the workflow agree.
    .replaceAll("some–some", "some")
    .split("\n");
  const isPaid = (line: string): boolean => line.startsWith("| ") && line.includes("`claude-");
  return lines
    .map((line) => (isPaid(line) ? line.replaceAll(/\d[\d,]*/gu, "") : line))
    .toSorted()
    .join("\n");
}
