// Commits that GitHub signs for us, and refs moved all together by compare-and-swap.

import { z } from "zod";

import type { Forge } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { asking, at, type ForgeContext } from "./context.ts";
import { refusalOf, toForgeError } from "./errors.ts";
import { readRepository } from "./repository.ts";

type Move = Parameters<Forge["moveRefs"]>[0][number];

const zeros = "0".repeat(40);

const CommitAnswer = z.object({
  sha: z.string(),
  verification: z.object({ verified: z.boolean() }),
});

const RefAnswer = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });

export function refsPart(context: ForgeContext): Pick<Forge, "createCommit" | "moveRefs"> {
  return {
    // No author, committer or signature: only then does GitHub sign the commit as the App's.
    createCommit: ({ message, tree, parents }) =>
      asking("make a commit", async () => {
        const { data } = await context.client.rest.git.createCommit({
          ...at(context),
          message,
          tree,
          parents: [...parents],
        });
        const { sha, verification } = CommitAnswer.parse(data);
        return { sha, verified: verification.verified };
      }),
    moveRefs: (moves) =>
      asking("move refs", () =>
        moves.length === 0 ? Promise.resolve(true) : moveRefs(context, moves),
      ),
  };
}

async function moveRefs(context: ForgeContext, moves: readonly Move[]): Promise<boolean> {
  const { nodeId } = await readRepository(context);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await updateRefs(context, { nodeId, moves });
      return true;
    } catch (error) {
      // GitHub answers a lost race with a generic sentence, so the refs themselves are asked what happened.
      const found = await Promise.all(moves.map((move) => readRef(context, move.ref)));
      if (moves.every((move, index) => found[index] === move.to)) return true;
      if (moves.some((move, index) => found[index] !== move.from)) return false;
      if (attempt >= 2 || !isNoWord(error)) throw error;
    }
  }
}

/** Nothing moved, and GitHub gave no reason: the only case that another attempt may change. */
function isNoWord(error: unknown): boolean {
  const failure = toForgeError(error, "move refs", "writes");
  return failure instanceof ForgeError && failure.kind === "unreachable";
}

const updateMutation = `mutation ($repositoryId: ID!, $refUpdates: [RefUpdate!]!) {
  updateRefs(input: { repositoryId: $repositoryId, refUpdates: $refUpdates }) { clientMutationId }
}`;

async function updateRefs(
  { client }: ForgeContext,
  { nodeId, moves }: { nodeId: string; moves: readonly Move[] },
): Promise<void> {
  await client.graphql(updateMutation, {
    repositoryId: nodeId,
    refUpdates: moves.map(({ ref, from, to, force }) => ({
      name: ref,
      beforeOid: from ?? zeros,
      afterOid: to,
      force,
    })),
  });
}

/** By REST, since GraphQL does not see refs outside branches and tags. */
async function readRef(context: ForgeContext, ref: string): Promise<string | null> {
  try {
    const { data } = await context.client.rest.git.getRef({
      ...at(context),
      ref: ref.replace(/^refs\//, ""),
    });
    return RefAnswer.parse(data).object.sha;
  } catch (error) {
    const status = refusalOf(error)?.status;
    // 409: the repository is empty.
    if (status === 404 || status === 409) return null;
    throw error;
  }
}
