// Pull requests: found by their head branch, opened once, edited in place.

import { z } from "zod";

import type { Forge, Marks } from "../../world/forge.ts";
import type { PullRequest } from "../../world/pulls.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { asking, at, firstInPages, type ForgeContext, reading } from "./context.ts";
import { refusalOf } from "./errors.ts";

const Side = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ id: z.number() }).nullish(),
});

const PullAnswer = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]),
  merged_at: z.string().nullish(),
  draft: z.boolean().optional(),
  head: Side,
  base: Side,
});

type PullsPart = Pick<
  Forge,
  | "pullRequest"
  | "changesFile"
  | "findPullRequest"
  | "createPullRequest"
  | "editPullRequest"
  | "mark"
>;
type NewPull = Parameters<Forge["createPullRequest"]>[0];

export function pullsPart(context: ForgeContext): PullsPart {
  const { pulls } = context.client.rest;
  return {
    pullRequest: (number) =>
      reading(`read pull request #${number}`, async () => {
        const { data } = await pulls.get({ ...at(context), pull_number: number });
        return toPullRequest(context, data);
      }),
    changesFile: (number, path) =>
      reading(`read the files of #${number}`, () => changesFile(context, number, path)),
    findPullRequest: (headBranch) =>
      reading(`look for the pull request of ${headBranch}`, () =>
        findPull(context, headBranch, () => true),
      ),
    createPullRequest: (pull) =>
      asking(`open a pull request for ${pull.head}`, () => createPull(context, pull)),
    editPullRequest: (number, change) =>
      asking(`edit pull request #${number}`, async () => {
        await pulls.update({ ...at(context), pull_number: number, ...change });
      }),
    mark: (thread, marks) => asking(`label #${thread}`, () => mark(context, thread, marks)),
  };
}

const MarksAnswer = z.object({
  labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
  assignees: z.array(z.object({ login: z.string() })).nullish(),
});

/** GitHub replaces both lists as a whole; nothing is written where nothing is missing. */
async function mark(context: ForgeContext, thread: number, marks: Marks): Promise<Marks> {
  const { issues } = context.client.rest;
  const place = { ...at(context), issue_number: thread };
  const now = marksIn((await issues.get(place)).data);
  const wanted = {
    labels: [...new Set([...now.labels, ...marks.labels])],
    assignees: [...new Set([...now.assignees, ...marks.assignees])],
  };
  const isThere =
    wanted.labels.length === now.labels.length && wanted.assignees.length === now.assignees.length;
  return isThere ? now : marksIn((await issues.update({ ...place, ...wanted })).data);
}

function marksIn(data: unknown): Marks {
  const { labels, assignees } = MarksAnswer.parse(data);
  return {
    labels: labels.map((label) => (typeof label === "string" ? label : label.name)),
    assignees: (assignees ?? []).map(({ login }) => login),
  };
}

const FileAnswer = z.object({ filename: z.string(), status: z.string() });

/** GitHub lists files by their names, 3,000 at most. */
async function changesFile(context: ForgeContext, pull: number, path: string): Promise<boolean> {
  const { paginate, rest } = context.client;
  const asked = { ...at(context), pull_number: pull, per_page: 100 };
  const found = await firstInPages(paginate.iterator(rest.pulls.listFiles, asked), (item) => {
    const { filename, status } = FileAnswer.parse(item);
    return filename === path && status !== "removed" ? filename : null;
  });
  return found !== null;
}

function toPullRequest({ ref }: ForgeContext, data: unknown): PullRequest {
  const answer = PullAnswer.parse(data);
  return {
    number: answer.number,
    url: answer.html_url,
    title: answer.title,
    body: answer.body ?? "",
    state: answer.state,
    merged: (answer.merged_at ?? null) !== null,
    draft: answer.draft ?? false,
    head: {
      ref: answer.head.ref,
      sha: answer.head.sha,
      // No repository at all: the fork was deleted.
      sameRepository: answer.head.repo?.id === ref.repositoryId,
    },
    base: { ref: answer.base.ref, sha: answer.base.sha },
  };
}

async function findPull(
  context: ForgeContext,
  headBranch: string,
  fits: (pull: PullRequest) => boolean,
): Promise<PullRequest | null> {
  const { ref, client } = context;
  const pages = client.paginate.iterator(client.rest.pulls.list, {
    ...at(context),
    head: `${ref.owner}:${headBranch}`,
    state: "all",
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  return firstInPages(pages, (item) => {
    const pull = toPullRequest(context, item);
    // GitHub filters by owner and branch; a fork of the same owner could have the same branch.
    const own = pull.head.ref === headBranch && pull.head.sameRepository;
    return own && fits(pull) ? pull : null;
  });
}

async function createPull(context: ForgeContext, pull: NewPull): Promise<PullRequest> {
  try {
    const { data } = await context.client.rest.pulls.create({ ...at(context), ...pull });
    return toPullRequest(context, data);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status !== 422) throw error;
    if (/already exists/i.test(refusal.said)) return existingPull(context, pull);
    if (pull.draft && /draft pull requests are not supported/i.test(refusal.said)) {
      return createPull(context, { ...pull, draft: false });
    }
    throw error;
  }
}

async function existingPull(context: ForgeContext, pull: NewPull): Promise<PullRequest> {
  const found = await findPull(
    context,
    pull.head,
    (each) => each.state === "open" && each.base.ref === pull.base,
  );
  if (found !== null) return found;
  throw new ForgeError(
    "unreachable",
    `GitHub says that a pull request for ${pull.head} exists, but does not list it. Nothing was opened; try again.`,
  );
}
