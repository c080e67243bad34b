// Where the API's routes are hung up: every route about a repository answers by its name and by its number.

import type { Hono } from "hono";

import { type ApiContext, type ApiEnv, type Call, enter, type Grants } from "../call.ts";
import type { GitHubCore } from "../core.ts";

export type Api = Hono<ApiEnv>;
export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
type Answer = Response | Promise<Response>;

/** `needs` is checked before the handler runs, e.g. `issues|pull_requests:write`. */
export type RepositoryRoute = (
  route: `${Method} ${string}`,
  needs: Grants,
  handler: (call: Call, context: ApiContext) => Answer,
) => void;

const prefixes = ["/repos/:owner/:repo", "/repositories/:repository_id"];

export function repositoryRoutes(api: Api, core: GitHubCore): RepositoryRoute {
  return (route, needs, handler) => {
    const [method = "", path = ""] = route.split(" ");
    for (const prefix of prefixes) {
      api.on(method, prefix + path, (context) => handler(enter(core, context, needs), context));
    }
  };
}

export const noContent = (context: ApiContext): Response => context.body(null, 204);
