// The API as one application: who asks, limits, faults on demand, the routes, and a note of every exchange.

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import type { Actor } from "./actor.ts";
import { type ApiContext, type ApiEnv, bodyOf } from "./call.ts";
import type { ContentMeter } from "./content-limits.ts";
import type { GitHubCore } from "./core.ts";
import { notFound, Refusal } from "./errors.ts";
import { answerGraphql, GraphqlRequest } from "./graphql.ts";
import { rateHeaders, type RateLimits } from "./rate.ts";
import type { SecondaryMeter } from "./secondary-limits.ts";
import { appRoutes } from "./routes/app.ts";
import { ciRoutes } from "./routes/ci.ts";
import { checksRoutes } from "./routes/checks.ts";
import { codeScanningRoutes } from "./routes/code-scanning.ts";
import { contentsRoutes } from "./routes/contents.ts";
import { gitDataRoutes } from "./routes/git-data.ts";
import { issuesRoutes } from "./routes/issues.ts";
import { labelsRoutes } from "./routes/labels.ts";
import { manifestRoutes } from "./routes/manifest.ts";
import { pullsRoutes } from "./routes/pulls.ts";
import { repositoriesRoutes } from "./routes/repositories.ts";
import { reviewsRoutes } from "./routes/reviews.ts";
import type { Api } from "./routes/router.ts";
import type { Tokens } from "./tokens.ts";

const largestBodyBytes = 40 * 1024 * 1024;

/** The first steps of the API's paths; no account may have such a name. */
export const apiPrefixes = [
  "app",
  "app-manifests",
  "graphql",
  "installation",
  "rate_limit",
  "repos",
  "repositories",
  "user",
  "users",
] as const;

export const isApiPath = (path: string): boolean =>
  apiPrefixes.some((prefix) => path === `/${prefix}` || path.startsWith(`/${prefix}/`));

export function openApi(core: GitHubCore, tokens: Tokens, meters: Meters): Api {
  const api: Api = new Hono<ApiEnv>();
  const { limits } = meters;
  api.use((context, next) => record(core, context, next));
  api.use(
    bodyLimit({
      maxSize: largestBodyBytes,
      onError: (c) => c.json({ message: "Payload too large" }, 413),
    }),
  );
  api.use((context, next) => admit({ core, tokens, ...meters }, context, next));
  api.use((context, next) => loseAnswer(core, context, next));
  api.get("/rate_limit", (context) => rateLimit(limits, context));
  api.post("/graphql", async (context) => {
    const actor = context.get("actor");
    if (actor.kind === "anonymous")
      throw new Refusal(401, "This endpoint requires you to be authenticated.");
    return context.json(await answerGraphql(core, actor, await bodyOf(context, GraphqlRequest)));
  });
  appRoutes(api, core, tokens);
  manifestRoutes(api, core);
  repositoriesRoutes(api, core);
  issuesRoutes(api, core);
  labelsRoutes(api, core);
  pullsRoutes(api, core);
  reviewsRoutes(api, core);
  checksRoutes(api, core);
  ciRoutes(api, core);
  gitDataRoutes(api, core);
  contentsRoutes(api, core);
  codeScanningRoutes(api, core);
  api.notFound(() => toResponse(notFound()));
  api.onError((error, context) => {
    if (error instanceof Refusal) return toResponse(error);
    process.stderr.write(
      `local GitHub: ${context.req.method} ${context.req.path}: ${String(error)}\n`,
    );
    return context.json({ message: `Server Error: ${error.message}` }, 500);
  });
  return api;
}

const whoIs = (actor: Actor): string => {
  switch (actor.kind) {
    case "installation":
      return `installation ID ${actor.grant.installation.id}`;
    case "user":
      return `user ID ${actor.account.id}`;
    case "app":
      return "app";
    case "anonymous":
      return "anonymous";
  }
};

type Next = () => Promise<void>;

/** What counts requests, and refuses those that are too many. */
export interface Meters {
  limits: RateLimits;
  meter: ContentMeter;
  secondary: SecondaryMeter;
}

interface Door extends Meters {
  core: GitHubCore;
  tokens: Tokens;
}

async function admit(
  { core, tokens, limits, meter, secondary }: Door,
  context: ApiContext,
  next: Next,
): Promise<void> {
  const line = `${context.req.method} ${context.req.path}`;
  const { actor, token } = await tokens.actorOf(context.req.header("authorization"));
  context.set("actor", actor);
  context.set("token", token);
  const who = whoIs(actor);
  try {
    if (
      actor.kind === "installation" &&
      core.faults.take("token-unknown", (f) => f.request.test(line))
    ) {
      throw new Refusal(401, "Bad credentials");
    }
    const limited = core.faults.take("secondary-limit", (fault) => fault.request.test(line));
    if (limited !== null) throw secondaryLimit(limited);
    if (context.req.path !== "/rate_limit") limits.spend(who);
    meter.spend(who, line);
    const leave = secondary.enter(who, context.req);
    try {
      await next();
    } finally {
      leave();
    }
  } finally {
    for (const [name, value] of Object.entries(rateHeaders(limits.of(who)))) {
      context.header(name, value);
    }
  }
}

function secondaryLimit(fault: { status: 403 | 429; retryAfterSeconds: number | null }): Refusal {
  const { status, retryAfterSeconds } = fault;
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const headers = retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
  return new Refusal(status, message, { headers });
}

/** The work was done; whoever asked does not learn of it. */
async function loseAnswer(core: GitHubCore, context: ApiContext, next: Next): Promise<void> {
  await next();
  const line = `${context.req.method} ${context.req.path}`;
  if (core.faults.take("answer-lost", (fault) => fault.request.test(line)) === null) return;
  context.res = context.json({ message: "Server Error" }, 502);
}

function rateLimit(limits: RateLimits, context: ApiContext): Response {
  const core = limits.of(whoIs(context.get("actor")));
  const resources = { core, search: core, graphql: core };
  return context.json({ resources, rate: core });
}

function toResponse({ status, body, headers }: Refusal): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** Notes the exchange after the answer is complete, refusals included. */
async function record(core: GitHubCore, context: ApiContext, next: Next): Promise<void> {
  const asked = await context.req.raw.clone().text();
  await next();
  const { req, res } = context;
  const answered = await res.clone().text();
  const actor = context.get("actor") as Actor | undefined;
  core.onExchange({
    request: {
      method: req.method,
      path: new URL(req.url).pathname,
      query: queryOf(context),
      body: parsed(asked),
      headers: req.header(),
    },
    response: {
      status: res.status,
      body: parsed(answered),
      headers: Object.fromEntries(res.headers),
    },
    actor: actor === undefined ? "anonymous" : whoIs(actor),
  });
}

function queryOf(context: ApiContext): Record<string, string | string[]> {
  const entries = Object.entries(context.req.queries());
  return Object.fromEntries(
    entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

/** JSON where it is JSON, the text where it is not, null where there is nothing. */
function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
