// Repositories, people, and what people may do there.

import { accountOf } from "../actor.ts";
import { page } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { notFound } from "../errors.ts";
import { accountJson, publicAccountJson } from "../render/account.ts";
import { fullRepositoryJson } from "../render/repository.ts";
import type { Repository, Role } from "../state.ts";
import { findAccount, roleOf } from "../look-up.ts";
import { type Api, repositoryRoutes } from "./router.ts";

/** The five old words for the six roles. */
const permissionOf: Readonly<Record<Role, string>> = {
  none: "none",
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

export function repositoriesRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("GET ", "metadata:read", ({ repository, actor }, context) =>
    context.json(fullRepositoryJson(core, repository, actor)),
  );
  on(
    "GET /collaborators/:username/permission",
    "metadata:read",
    ({ repository, actor }, context) => {
      accountOf(actor);
      const account = findAccount(core.state, context.req.param("username") ?? "");
      if (account === undefined) throw notFound();
      const role = roleOf(repository, account);
      return context.json({
        permission: permissionOf[role],
        role_name: role,
        user: { ...accountJson(core, account), permissions: flags(role), role_name: role },
      });
    },
  );
  on("GET /rules/branches/:branch{.+}", "metadata:read", ({ repository }, context) =>
    context.json(page(context, repository.rules).map((type) => ruleJson(repository, type))),
  );
  api.get("/users/:username", (context) => {
    const account = findAccount(core.state, context.req.param("username"));
    if (account === undefined) throw notFound();
    return context.json(publicAccountJson(core, account));
  });
}

const ruleJson = ({ id, owner, name }: Repository, type: string) => ({
  type,
  ruleset_source_type: "Repository",
  ruleset_source: `${owner.login}/${name}`,
  ruleset_id: id,
});

const order: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];

function flags(role: Role) {
  const atLeast = (wanted: Role): boolean => order.indexOf(role) >= order.indexOf(wanted);
  return {
    pull: atLeast("read"),
    triage: atLeast("triage"),
    push: atLeast("write"),
    maintain: atLeast("maintain"),
    admin: atLeast("admin"),
  };
}
