// What the App asks about itself: installations and tokens.

import { z } from "zod";

import { type ApiContext, bodyOf, numberIn, page } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal } from "../errors.ts";
import { appJson, installationJson } from "../render/account.ts";
import { repositoryJson } from "../render/repository.ts";
import type { Installation, Level, Permissions, Repository } from "../state.ts";
import { findRepository } from "../look-up.ts";
import type { TokenFormat, Tokens } from "../tokens.ts";
import { hookRoutes } from "./hook.ts";
import { type Api, noContent } from "./router.ts";

export function appRoutes(api: Api, core: GitHubCore, tokens: Tokens): void {
  const asApp =
    (handler: (context: ApiContext) => Response | Promise<Response>) => (context: ApiContext) => {
      mustBeApp(context);
      return handler(context);
    };
  const installation = (context: ApiContext): Installation => {
    const found = core.state.installations.get(numberIn(context, "installation_id"));
    if (found === undefined) throw notFound();
    return found;
  };
  api.get(
    "/app",
    asApp((context) => context.json(appJson(core))),
  );
  api.get(
    "/app/installations",
    asApp((context) => {
      const all = [...core.state.installations.values()];
      return context.json(page(context, all).map((one) => listedInstallation(core, one)));
    }),
  );
  api.get(
    "/app/installations/:installation_id",
    asApp((context) => context.json(installationJson(core, installation(context)))),
  );
  api.post(
    "/app/installations/:installation_id/access_tokens",
    asApp((context) => mint(core, { tokens, installation: installation(context) }, context)),
  );
  installationRoutes(api, core, tokens);
  hookRoutes(api, core, asApp);
}

/** GitHub's description of this list alone asks for an account's fields and an enterprise's at once. */
function listedInstallation(core: GitHubCore, installation: Installation) {
  const json = installationJson(core, installation);
  const { login: name, createdAt } = installation.account;
  const enterprise = { name, slug: name, created_at: createdAt, updated_at: createdAt };
  return { ...json, account: { ...json.account, ...enterprise } };
}

function mustBeApp(context: ApiContext): void {
  if (context.get("actor").kind === "app") return;
  throw new Refusal(401, "A JSON web token could not be decoded");
}

/** `GET …/installation` of a repository is for the App; the rest is for an installation about itself. */
function installationRoutes(api: Api, core: GitHubCore, tokens: Tokens): void {
  api.get("/repos/:owner/:repo/installation", (context) => {
    mustBeApp(context);
    const { owner, repo: name } = context.req.param();
    const found = findRepository(core.state, { owner, name });
    if (found?.installation == null) throw notFound();
    return context.json(installationJson(core, found.installation));
  });
  api.get("/installation/repositories", (context) => {
    const grant = grantOf(context);
    const reached = [...core.state.repositories.values()].filter(
      ({ id, installation }) =>
        installation?.id === grant.installation.id &&
        (grant.repositoryIds === null || grant.repositoryIds.includes(id)),
    );
    return context.json({
      total_count: reached.length,
      repository_selection: "selected",
      repositories: page(context, reached).map((one) => repositoryJson(core, one)),
    });
  });
  api.delete("/installation/token", (context) => {
    grantOf(context);
    tokens.revoke(context.get("token") ?? "");
    return noContent(context);
  });
}

function grantOf(context: ApiContext) {
  const actor = context.get("actor");
  if (actor.kind === "installation") return actor.grant;
  throw new Refusal(403, "You must authenticate with an installation access token.");
}

const TokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).optional(),
});
type TokenRequest = z.infer<typeof TokenRequest>;

async function mint(
  core: GitHubCore,
  { tokens, installation }: { tokens: Tokens; installation: Installation },
  context: ApiContext,
): Promise<Response> {
  const wanted = await bodyOf(context, TokenRequest);
  const repositories = repositoriesFor(core, installation, wanted);
  const { token, grant } = await tokens.mint(
    {
      installation,
      permissions: permissionsFor(core, wanted),
      repositoryIds: repositories?.map(({ id }) => id) ?? null,
    },
    formatOf(context.req.header("x-github-stateless-s2s-token")),
  );
  return context.json(
    {
      token,
      expires_at: `${new Date(grant.expiresAt).toISOString().slice(0, 19)}Z`,
      permissions: grant.permissions,
      repository_selection: "selected",
      ...(repositories === null
        ? {}
        : { repositories: repositories.map((one) => repositoryJson(core, one)) }),
    },
    201,
  );
}

function formatOf(header: string | undefined): TokenFormat {
  if (header === "enabled") return "long";
  return header === "disabled" ? "short" : "any";
}

/** Null: all. Narrowing to what the installation does not reach is refused. */
function repositoriesFor(
  { state }: GitHubCore,
  installation: Installation,
  { repositories, repository_ids: ids }: TokenRequest,
): Repository[] | null {
  if (repositories === undefined && ids === undefined) return null;
  const reached = [...state.repositories.values()].filter(
    (one) => one.installation?.id === installation.id,
  );
  const wanted = [
    ...(ids ?? []).map((id) => reached.find((one) => one.id === id)),
    ...(repositories ?? []).map((name) => reached.find((one) => one.name === name)),
  ];
  return wanted.map((one) => {
    if (one !== undefined) return one;
    throw new Refusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  });
}

function permissionsFor({ app }: GitHubCore, { permissions }: TokenRequest): Permissions {
  if (permissions === undefined) return app.permissions;
  const narrowed: Record<string, Level> = { metadata: "read" };
  for (const [name, wanted] of Object.entries(permissions)) {
    const level = wanted === "read" ? "read" : "write";
    if (wanted === "admin" || !holdsAs(app.permissions, name, level)) {
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
    }
    narrowed[name] = level;
  }
  return narrowed;
}

const holdsAs = (permissions: Permissions, name: string, level: Level): boolean =>
  permissions[name] === "write" ||
  permissions[name] === level ||
  (name === "metadata" && level === "read");
