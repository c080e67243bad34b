// Issues, the comments in them and in pull requests, and reactions.

import { z } from "zod";

import { accountOf } from "../actor.ts";
import { type ApiContext, bodyOf, type Call, mayEdit, numberIn, page, sceneOf } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { notFound } from "../errors.ts";
import { reactionJson } from "../render/account.ts";
import { commentJson, fullIssueJson } from "../render/issue.ts";
import { editPull } from "../rules/pulls.ts";
import {
  editIssue,
  findComment,
  findIssue,
  openIssue,
  rewrite,
  say,
  setMarks,
  unsay,
} from "../rules/speak.ts";
import { type Issue, nextId, type Reaction, reactionNames } from "../state.ts";
import { isPull, timestamp } from "../look-up.ts";
import { type Api, noContent, repositoryRoutes, type RepositoryRoute } from "./router.ts";

const NewIssue = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
});
const IssueChange = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "reopened"]).nullable().optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});
const Text = z.object({ body: z.string() });

export function issuesRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  const json = ({ repository }: Call, issue: Issue) => fullIssueJson(core, repository, issue);
  on("GET /issues", "issues:read", (call, context) =>
    context.json(page(context, wantedIssues(call, context)).map((issue) => json(call, issue))),
  );
  on("POST /issues", "issues:write", async (call, context) => {
    const { title, body, labels } = await bodyOf(context, NewIssue);
    const wanted = { title, body: body ?? null, ...(labels === undefined ? {} : { labels }) };
    return context.json(json(call, openIssue(sceneOf(call), wanted)), 201);
  });
  on("GET /issues/:number{[0-9]+}", "issues|pull_requests:read", (call, context) =>
    context.json(json(call, findIssue(call.repository, numberIn(context, "number")))),
  );
  on("PATCH /issues/:number{[0-9]+}", "issues|pull_requests:write", async (call, context) => {
    const issue = findIssue(call.repository, numberIn(context, "number"));
    mayEdit(call, issue.author);
    const asked = await bodyOf(context, IssueChange);
    const { state_reason: stateReason, labels, assignees, ...change } = asked;
    setMarks(sceneOf(call), issue, { labels, assignees });
    if (isPull(issue)) await editPull(sceneOf(call), issue, change);
    else editIssue(sceneOf(call), issue, { ...change, stateReason });
    return context.json(json(call, issue));
  });
  commentRoutes(on, core);
  reactionRoutes(on, core);
}

function wantedIssues({ repository }: Call, context: ApiContext): Issue[] {
  const state = context.req.query("state") ?? "open";
  const oldestFirst = context.req.query("direction") === "asc";
  const creator = context.req.query("creator");
  const wanted = [...repository.issues.values()].filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (creator === undefined || issue.author.login === creator),
  );
  return oldestFirst ? wanted : wanted.toReversed();
}

function commentRoutes(on: RepositoryRoute, core: GitHubCore): void {
  const both = "issues|pull_requests";
  on("GET /issues/:number{[0-9]+}/comments", `${both}:read`, ({ repository }, context) => {
    const { number } = findIssue(repository, numberIn(context, "number"));
    const since = Date.parse(context.req.query("since") ?? "1970-01-01T00:00:00Z");
    const comments = [...repository.comments.values()].filter(
      (comment) => comment.number === number && Date.parse(comment.updatedAt) >= since,
    );
    return context.json(page(context, comments).map((one) => commentJson(core, repository, one)));
  });
  on("POST /issues/:number{[0-9]+}/comments", `${both}:write`, async (call, context) => {
    const issue = findIssue(call.repository, numberIn(context, "number"));
    const { body } = await bodyOf(context, Text);
    const comment = say(sceneOf(call), issue, body);
    return context.json(commentJson(core, call.repository, comment), 201);
  });
  on("GET /issues/comments", `${both}:read`, ({ repository }, context) => {
    const comments = page(context, [...repository.comments.values()]);
    return context.json(comments.map((one) => commentJson(core, repository, one)));
  });
  on("GET /issues/comments/:id{[0-9]+}", `${both}:read`, ({ repository }, context) =>
    context.json(commentJson(core, repository, findComment(repository, numberIn(context, "id")))),
  );
  on("PATCH /issues/comments/:id{[0-9]+}", `${both}:write`, async (call, context) => {
    const comment = findComment(call.repository, numberIn(context, "id"));
    mayEdit(call, comment.author);
    rewrite(sceneOf(call), comment, (await bodyOf(context, Text)).body);
    return context.json(commentJson(core, call.repository, comment));
  });
  on("DELETE /issues/comments/:id{[0-9]+}", `${both}:write`, (call, context) => {
    const comment = findComment(call.repository, numberIn(context, "id"));
    mayEdit(call, comment.author);
    unsay(sceneOf(call), comment);
    return noContent(context);
  });
}

/** Where reactions can be put, and which list they go to. */
const reacted = {
  "/issues/comments/:id{[0-9]+}": ({ repository }: Call, id: number) =>
    repository.comments.get(id)?.reactions,
  "/issues/:id{[0-9]+}": ({ repository }: Call, id: number) => repository.issues.get(id)?.reactions,
  "/pulls/comments/:id{[0-9]+}": ({ repository }: Call, id: number) =>
    repository.reviewComments.get(id)?.reactions,
};

const NewReaction = z.object({ content: z.enum(reactionNames) });

function reactionRoutes(on: RepositoryRoute, core: GitHubCore): void {
  for (const [path, find] of Object.entries(reacted)) {
    const listOf = (call: Call, context: ApiContext): Reaction[] => {
      const list = find(call, numberIn(context, "id"));
      if (list === undefined) throw notFound();
      return list;
    };
    on(`GET ${path}/reactions`, "issues|pull_requests:read", (call, context) => {
      const content = context.req.query("content");
      const wanted = listOf(call, context).filter(
        (one) => content === undefined || one.content === content,
      );
      return context.json(page(context, wanted).map((one) => reactionJson(core, one)));
    });
    on(`POST ${path}/reactions`, "issues|pull_requests:write", async (call, context) => {
      const list = listOf(call, context);
      const { content } = await bodyOf(context, NewReaction);
      const author = accountOf(call.actor);
      const known = list.find((one) => one.content === content && one.author.id === author.id);
      if (known !== undefined) return context.json(reactionJson(core, known), 200);
      const added = { id: nextId(core.state), content, author, createdAt: timestamp() };
      list.push(added);
      return context.json(reactionJson(core, added), 201);
    });
    on(`DELETE ${path}/reactions/:reaction`, "issues|pull_requests:write", (call, context) => {
      const list = listOf(call, context);
      const index = list.findIndex(({ id }) => id === numberIn(context, "reaction"));
      const author = list[index]?.author;
      if (author === undefined) throw notFound();
      mayEdit(call, author);
      list.splice(index, 1);
      return noContent(context);
    });
  }
}
