// The slice of GitHub's GraphQL that bots need: review threads, nodes, drafts, hiding, and refs by compare-and-swap.

import { readFileSync } from "node:fs";

import { buildSchema, graphql, GraphQLError } from "graphql";
import { z } from "zod";

import { type Actor, mustMay, mustSee } from "./actor.ts";
import type { GitHubCore } from "./core.ts";
import { Refusal } from "./errors.ts";
import { mutations } from "./graphql/mutations.ts";
import { nodeOf } from "./graphql/nodes.ts";
import { repositoryNode } from "./graphql/objects.ts";
import { accountNode } from "./graphql/people.ts";
import { findRepository } from "./look-up.ts";

const schema = buildSchema(readFileSync(new URL("schema.graphql", import.meta.url), "utf8"));

export const GraphqlRequest = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
type GraphqlRequest = z.infer<typeof GraphqlRequest>;

/** The body of the answer; GitHub's status is 200 whatever happened. */
export async function answerGraphql(
  core: GitHubCore,
  actor: Actor,
  { query, variables, operationName }: GraphqlRequest,
): Promise<object> {
  const { data, errors } = await graphql({
    schema,
    source: query,
    rootValue: { ...queries(core, actor), ...mutations(core, actor) },
    variableValues: variables ?? {},
    operationName: operationName ?? null,
  });
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(errorJson) }),
  };
}

/** GitHub puts the type of an error beside its message. */
function errorJson(error: GraphQLError) {
  const { message, path, locations } = error.toJSON();
  const type = typeOf(error);
  return {
    ...(type === null ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

function typeOf({ originalError, extensions }: GraphQLError): string | null {
  if (originalError instanceof Refusal) {
    if (originalError.status === 404) return "NOT_FOUND";
    return originalError.status === 403 ? "FORBIDDEN" : "UNPROCESSABLE";
  }
  return typeof extensions["type"] === "string" ? extensions["type"] : null;
}

function queries(core: GitHubCore, actor: Actor) {
  return {
    repository({ owner, name }: { owner: string; name: string }) {
      const repository = findRepository(core.state, { owner, name });
      const where = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
      if (repository === undefined) throw new Refusal(404, where);
      try {
        mustSee(repository, actor);
      } catch {
        throw new Refusal(404, where);
      }
      mustMay(repository, actor, { anyOf: ["metadata"], level: "read" });
      return repositoryNode({ core, actor, repository });
    },
    node: ({ id }: { id: string }) => nodeOf({ core, actor }, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => nodeOf({ core, actor }, id)),
    viewer() {
      if (actor.kind === "installation")
        return { ...accountNode(core, actor.bot), __typename: "User" };
      if (actor.kind === "user") return accountNode(core, actor.account);
      throw new Refusal(403, "Resource not accessible by integration");
    },
    rateLimit: () => ({
      limit: 5_000,
      cost: 1,
      used: 1,
      remaining: 4_999,
      nodeCount: 1,
      resetAt: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  };
}
