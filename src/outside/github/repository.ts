// The repository itself and the people who may speak in it.

import { z } from "zod";

import type { Forge, Repository, RoleName } from "../../world/forge.ts";
import { at, type ForgeContext, reading } from "./context.ts";
import { refusalOf } from "./errors.ts";

const RepositoryAnswer = z.object({
  id: z.number(),
  node_id: z.string(),
  full_name: z.string(),
  default_branch: z.string(),
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean(),
  html_url: z.string(),
});

/** Reads the repository; `nodeId` is its name in GraphQL. */
export async function readRepository(
  context: ForgeContext,
): Promise<Repository & { nodeId: string }> {
  const { data } = await context.client.rest.repos.get(at(context));
  const answer = RepositoryAnswer.parse(data);
  return {
    id: answer.id,
    nodeId: answer.node_id,
    fullName: answer.full_name,
    defaultBranch: answer.default_branch,
    private: answer.private,
    isFork: answer.fork,
    isArchived: answer.archived,
    url: answer.html_url,
  };
}

const PermissionAnswer = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ id: z.number() }).nullable(),
});

const roles: readonly RoleName[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** GitHub's answer as one of our roles: custom roles count as the base permission they extend. */
export function roleOf(answer: { permission: string; role_name?: string | undefined }): RoleName {
  const named = (name: string | undefined) => roles.find((role) => role === name);
  return named(answer.role_name) ?? named(answer.permission) ?? "none";
}

const RuleAnswer = z.object({
  type: z.string(),
  ruleset_source: z.string().optional(),
});

type RepositoryPart = Pick<Forge, "repository" | "permissionOf" | "rulesOn">;

export function repositoryPart(context: ForgeContext): RepositoryPart {
  return {
    rulesOn: (branch) =>
      reading(`list the rules for ${branch}`, async () => {
        const wanted = { ...at(context), branch, per_page: 100 };
        const { data } = await context.client.rest.repos.getBranchRules(wanted);
        const rules = z.array(RuleAnswer).parse(data);
        return rules.map(({ type, ruleset_source: of = context.ref.owner }) => ({ type, of }));
      }),
    repository: () =>
      reading("read the repository", async () => {
        const { nodeId: _nodeId, ...repository } = await readRepository(context);
        return repository;
      }),
    permissionOf: (login) =>
      reading(`read the role of ${login}`, () => permissionOf(context, login)),
  };
}

async function permissionOf(context: ForgeContext, login: string) {
  try {
    const { data } = await context.client.rest.repos.getCollaboratorPermissionLevel({
      ...at(context),
      username: login,
    });
    const answer = PermissionAnswer.parse(data);
    return { role: roleOf(answer), userId: answer.user?.id ?? 0 };
  } catch (error) {
    // No such account, or one that has nothing to do with this repository.
    if (refusalOf(error)?.status === 404) return { role: "none" as const, userId: 0 };
    throw error;
  }
}
