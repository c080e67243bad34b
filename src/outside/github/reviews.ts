// Reviews with their line comments, and the threads they open.

import { z } from "zod";

import type { Forge } from "../../world/forge.ts";
import type { NewReview, Review } from "../../world/pulls.ts";
import { asking, at, firstInPages, type ForgeContext, reading } from "./context.ts";
import { listingPages } from "./limits.ts";

const ReviewAnswer = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

type ReviewsPart = Pick<Forge, "findReview" | "createReview" | "resolveThreads">;

export function reviewsPart(context: ForgeContext): ReviewsPart {
  return {
    findReview: (pull, marker) =>
      reading(`read the reviews of #${pull}`, () => findReview(context, pull, marker)),
    createReview: (pull, review) =>
      asking(`review #${pull}`, () => createReview(context, pull, review)),
    resolveThreads: (pull, marker) =>
      asking(`resolve review threads of #${pull}`, () => resolveThreads(context, pull, marker)),
  };
}

function toReview(data: unknown): Review & { author: string | undefined } {
  const answer = ReviewAnswer.parse(data);
  return {
    id: answer.id,
    url: answer.html_url,
    body: answer.body ?? "",
    author: answer.user?.login,
  };
}

async function findReview(
  context: ForgeContext,
  pull: number,
  marker: string,
): Promise<Review | null> {
  const { paginate, rest } = context.client;
  const { slug } = await context.identity();
  const pages = paginate.iterator(rest.pulls.listReviews, {
    ...at(context),
    pull_number: pull,
    per_page: 100,
  });
  return firstInPages(pages, (item) => {
    const { author, ...review } = toReview(item);
    return author === `${slug}[bot]` && review.body.includes(marker) ? review : null;
  });
}

async function createReview(
  context: ForgeContext,
  pull: number,
  { commit, body, comments }: NewReview,
): Promise<Review> {
  const { data } = await context.client.rest.pulls.createReview({
    ...at(context),
    pull_number: pull,
    commit_id: commit,
    event: "COMMENT",
    body,
    comments: comments.map(({ path, line, side, body }) => ({ path, line, side, body })),
  });
  const { author: _author, ...review } = toReview(data);
  return review;
}

const threadsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved comments(first: 1) { nodes { body author { __typename login } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const resolveMutation = `mutation ($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

const Thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  comments: z.object({
    nodes: z.array(
      z.object({
        body: z.string(),
        author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
      }),
    ),
  }),
});
type Thread = z.infer<typeof Thread>;

const ThreadsAnswer = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        nodes: z.array(Thread),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    }),
  }),
});

async function resolveThreads(
  context: ForgeContext,
  pull: number,
  marker: string,
): Promise<number> {
  const { slug } = await context.identity();
  const threads = await listThreads(context, pull);
  const open = threads.filter((thread) => !thread.isResolved && isOurThread(thread, slug, marker));
  for (const { id } of open) {
    // Resolving twice is the same as once: safe to repeat.
    await context.client.graphql(resolveMutation, { threadId: id, request: { repeatable: true } });
  }
  return open.length;
}

function isOurThread({ comments }: Thread, slug: string, marker: string): boolean {
  const first = comments.nodes[0];
  if (first === undefined || !first.body.includes(marker)) return false;
  // GraphQL names a bot without the `[bot]` that REST puts behind it; a person could have the same login.
  return first.author?.__typename === "Bot" && [slug, `${slug}[bot]`].includes(first.author.login);
}

async function listThreads(context: ForgeContext, pull: number): Promise<Thread[]> {
  const threads: Thread[] = [];
  let after: string | null = null;
  for (let page = 0; page < listingPages; page += 1) {
    const data: unknown = await context.client.graphql(threadsQuery, {
      owner: context.ref.owner,
      name: context.ref.name,
      number: pull,
      after,
      request: { repeatable: true },
    });
    const { nodes, pageInfo } = ThreadsAnswer.parse(data).repository.pullRequest.reviewThreads;
    threads.push(...nodes);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return threads;
}
