// The GraphQL slice: threads, drafts, hiding, and refs by compare-and-swap.

import { afterAll, beforeAll, expect, it } from "vitest";

import { at, branch, openPull, openTown, type Town } from "./town.ts";

const zeros = "0".repeat(40);
let town: Town;
let pull: { number: number; head: string };
let main: string;

beforeAll(async () => {
  town = await openTown();
  main = (await town.bot.rest.git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  pull = await openPull(town, { draft: true });
  await town.bot.rest.pulls.createReview({
    ...at,
    pull_number: pull.number,
    event: "COMMENT",
    comments: [9, 10, 11].map((line) => ({ path: "README.md", line, body: `about ${line}` })),
  });
});
afterAll(() => town.close());

interface Repository {
  id: string;
  ref: { name: string } | null;
  refs: { totalCount: number };
  pullRequest: {
    id: string;
    isDraft: boolean;
    reviewThreads: {
      nodes: {
        id: string;
        isResolved: boolean;
        comments: { nodes: { body: string; author: object }[] };
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
}

const read = async (after: string | null = null): Promise<Repository> => {
  const answer = await town.bot.graphql<{ repository: Repository }>(
    `query ($number: Int!, $after: String) {
      repository(owner: "acme", name: "site") {
        id
        ref(qualifiedName: "refs/fanfold/hidden") { name }
        refs(refPrefix: "refs/fanfold/", first: 10) { totalCount }
        pullRequest(number: $number) {
          id isDraft
          reviewThreads(first: 2, after: $after) {
            nodes { id isResolved comments(first: 5) { nodes { body author { __typename login } } } }
            pageInfo { hasNextPage endCursor }
          }
        }
      }
    }`,
    { number: pull.number, after },
  );
  return answer.repository;
};

const move = async (refUpdates: object[]): Promise<unknown> =>
  town.bot.graphql(
    `mutation ($repositoryId: ID!, $refUpdates: [RefUpdate!]!) {
      updateRefs(input: { repositoryId: $repositoryId, refUpdates: $refUpdates }) { clientMutationId }
    }`,
    { repositoryId: (await read()).id, refUpdates },
  );

const shaOf = async (ref: string): Promise<string | null> => {
  const { data } = await town.bot.rest.git.listMatchingRefs({ ...at, ref });
  return data[0]?.object.sha ?? null;
};

it("pages through review threads and names bots without their brackets", async () => {
  const first = (await read()).pullRequest.reviewThreads;
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = (await read(first.pageInfo.endCursor)).pullRequest.reviewThreads;
  expect(second.pageInfo.hasNextPage).toBe(false);
  const comments = [...first.nodes, ...second.nodes].map((thread) => thread.comments.nodes[0]);
  expect(comments.map((comment) => comment?.body)).toEqual(["about 9", "about 10", "about 11"]);
  expect(comments[0]?.author).toEqual({ __typename: "Bot", login: "fanfold" });
});

it("resolves a thread, and only that one", async () => {
  const [thread] = (await read()).pullRequest.reviewThreads.nodes;
  await town.bot.graphql(
    `mutation ($threadId: ID!) { resolveReviewThread(input: { threadId: $threadId }) { thread { isResolved } } }`,
    { threadId: thread?.id },
  );
  const { nodes } = (await read()).pullRequest.reviewThreads;
  expect(nodes.map(({ isResolved }) => isResolved)).toEqual([true, false]);
});

it("turns a draft into a ready pull request and back", async () => {
  const { id } = (await read()).pullRequest;
  const change = (mutation: string) =>
    town.bot.graphql(
      `mutation ($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`,
      { id },
    );
  await change("markPullRequestReadyForReview");
  expect((await read()).pullRequest.isDraft).toBe(false);
  await change("convertPullRequestToDraft");
  expect((await read()).pullRequest.isDraft).toBe(true);
});

it("hides a comment", async () => {
  const { data } = await town.bot.rest.issues.createComment({
    ...at,
    issue_number: pull.number,
    body: "old news",
  });
  const answer = await town.bot.graphql(
    `mutation ($id: ID!) {
      minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
        minimizedComment { isMinimized minimizedReason }
      }
    }`,
    { id: data.node_id },
  );
  expect(answer).toEqual({
    minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: "outdated" } },
  });
});

it("moves refs of any namespace by compare-and-swap, but does not see the hidden ones", async () => {
  await move([{ name: "refs/fanfold/hidden", beforeOid: zeros, afterOid: main, force: false }]);
  expect(await shaOf("fanfold/hidden")).toBe(main);
  const { ref, refs } = await read();
  expect(ref).toBeNull();
  expect(refs.totalCount).toBe(0);
  await move([{ name: "refs/fanfold/hidden", beforeOid: main, afterOid: pull.head, force: false }]);
  expect(await shaOf("fanfold/hidden")).toBe(pull.head);
});

it("moves nothing when one of them was elsewhere, and does not say which", async () => {
  const sha = await branch(town, "swap", { "swap.txt": "s\n" });
  const moving = move([
    { name: "refs/fanfold/first", beforeOid: zeros, afterOid: main, force: true },
    { name: "refs/heads/swap", beforeOid: main, afterOid: main, force: true },
  ]);
  await expect(moving).rejects.toThrow(/Something went wrong while executing your query/);
  expect(await shaOf("fanfold/first")).toBeNull();
  expect(await shaOf("heads/swap")).toBe(sha);
});

it("moves backward only by force", async () => {
  const sha = await branch(town, "back", { "back.txt": "b\n" });
  const back = (force: boolean) => [
    { name: "refs/heads/back", beforeOid: sha, afterOid: main, force },
  ];
  await expect(move(back(false))).rejects.toThrow(/Something went wrong/);
  expect(await shaOf("heads/back")).toBe(sha);
  await move(back(true));
  expect(await shaOf("heads/back")).toBe(main);
});

it("lets only one of many who race for the same ref win", async () => {
  const race = Array.from({ length: 8 }, () =>
    move([{ name: "refs/fanfold/lease", beforeOid: zeros, afterOid: main, force: false }]),
  );
  const ends = await Promise.allSettled(race);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

it("types its errors as GitHub does", async () => {
  const missing = town.bot.graphql(`{ repository(owner: "acme", name: "none") { id } }`);
  await expect(missing).rejects.toMatchObject({ errors: [{ type: "NOT_FOUND" }] });
  const unpaged = town.bot.graphql(
    `{ repository(owner: "acme", name: "site") { pullRequest(number: ${pull.number}) { reviewThreads { totalCount } } } }`,
  );
  await expect(unpaged).rejects.toThrow("You must provide a `first` or `last` value");
});
