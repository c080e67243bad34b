// One request to the API: who asks, about which repository, with what body, and how lists are paged.

import type { Context } from "hono";
import { z } from "zod";

import { accountOf, type Actor, canPush, mustMay, mustSee, type Need } from "./actor.ts";
import type { GitHubCore } from "./core.ts";
import { forbidden, notFound, Refusal } from "./errors.ts";
import type { Account, Level, Repository } from "./state.ts";
import { findRepository } from "./look-up.ts";
import type { Scene } from "./webhooks/events.ts";

export type ApiEnv = { Variables: { actor: Actor; token: string | null } };
export type ApiContext = Context<ApiEnv>;

export interface Call {
  core: GitHubCore;
  repository: Repository;
  actor: Actor;
}

/** Whether one of these permissions is held at this level, written `issues|pull_requests:write`. */
export type Grants = `${string}:${Level}` | `${string}:${Level}+push`;

/** The repository of the path, when the actor may do this there. Throws a `Refusal` otherwise. */
export function enter(core: GitHubCore, context: ApiContext, needs: Grants): Call {
  const repository = named(core, context);
  const actor = context.get("actor");
  mustMay(repository, actor, toNeed(needs));
  return { core, repository, actor };
}

export function toNeed(needs: Grants): Need {
  const [names = "", rest = ""] = needs.split(":");
  const [level, role] = rest.split("+");
  return {
    anyOf: names.split("|"),
    level: level === "write" ? "write" : "read",
    ...(role === "push" ? { role: "push" as const } : {}),
  };
}

function named(core: GitHubCore, context: ApiContext): Repository {
  const id = context.req.param("repository_id");
  const repository =
    id === undefined
      ? findRepository(core.state, {
          owner: context.req.param("owner") ?? "",
          name: context.req.param("repo") ?? "",
        })
      : core.state.repositories.get(Number(id));
  if (repository === undefined) throw notFound();
  mustSee(repository, context.get("actor"));
  return repository;
}

/** Where something happens by this call, and who does it. */
export const sceneOf = ({ core, repository, actor }: Call): Scene => ({
  core,
  repository,
  sender: accountOf(actor),
});

/** Words belong to whoever wrote them; those who may push may edit them too. */
export function mayEdit({ repository, actor }: Call, author: Account): void {
  if (actor.kind === "installation" || accountOf(actor).id === author.id) return;
  if (!canPush(repository, accountOf(actor))) throw forbidden();
}

/** A number in the path; what is not one is not found. */
export function numberIn(context: ApiContext, name: string): number {
  const text = context.req.param(name) ?? "";
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

/** The JSON body, in the given shape. An empty body is an empty object. */
export async function bodyOf<T>(context: ApiContext, shape: z.ZodType<T>): Promise<T> {
  const text = await context.req.text();
  const parsed = shape.safeParse(text === "" ? {} : fromJson(text));
  if (parsed.success) return parsed.data;
  throw new Refusal(422, `Invalid request.\n\n${parsed.error.issues.map(sentence).join("\n")}`);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

const sentence = ({ path, message }: { path: PropertyKey[]; message: string }): string =>
  path.length === 0 ? message : `"${path.map(String).join(".")}": ${message}`;

const mostPerPage = 100;
const usualPerPage = 30;

const positive = (text: string | undefined, otherwise: number): number => {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
};

/** One page of a list, with the Link header to the others. */
export function page<T>(context: ApiContext, items: readonly T[]): T[] {
  const perPage = Math.min(positive(context.req.query("per_page"), usualPerPage), mostPerPage);
  const current = positive(context.req.query("page"), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const links = [
    ...(current > 1 ? [link(context, Math.min(current - 1, last), "prev")] : []),
    ...(current < last ? [link(context, current + 1, "next"), link(context, last, "last")] : []),
    ...(current > 1 ? [link(context, 1, "first")] : []),
  ];
  if (links.length > 0) context.header("link", links.join(", "));
  return items.slice((current - 1) * perPage, current * perPage);
}

function link(context: ApiContext, page: number, rel: string): string {
  const url = new URL(context.req.url);
  url.searchParams.set("page", String(page));
  return `<${url.href}>; rel="${rel}"`;
}
