// Pull requests: opening, reading, listing, editing, their files, commits and diff.

import { z } from "zod";

import { type ApiContext, bodyOf, type Call, mayEdit, numberIn, page, sceneOf } from "../call.ts";
import { changesBetween, diffText } from "../changes.ts";
import { commitsIn } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound } from "../errors.ts";
import { commitJson, fileJson } from "../render/commit.ts";
import { diffBase, fullPullJson, pullJson } from "../render/pull.ts";
import { askMergeable, editPull, openPull } from "../rules/pulls.ts";
import type { PullIssue } from "../state.ts";
import { findPull, pullsOf } from "../look-up.ts";
import { type Api, noContent, repositoryRoutes } from "./router.ts";

const NewPull = z.object({
  title: z.string(),
  body: z.string().nullish(),
  head: z.string(),
  base: z.string(),
  draft: z.boolean().optional(),
});
const PullChange = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});

/** The pull request of the path. */
export function pullIn({ repository }: Call, context: ApiContext): PullIssue {
  const issue = findPull(repository, numberIn(context, "number"));
  if (issue === undefined) throw notFound();
  return issue;
}

export function pullsRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("GET /pulls", "pull_requests:read", (call, context) =>
    context.json(
      page(context, wantedPulls(call, context)).map((one) => pullJson(core, call.repository, one)),
    ),
  );
  on("POST /pulls", "pull_requests:write+push", async (call, context) => {
    const { body, draft, ...wanted } = await bodyOf(context, NewPull);
    const scene = sceneOf(call);
    const issue = await openPull(scene, { ...wanted, body: body ?? null, draft: draft ?? false });
    return context.json(await fullPullJson(core, call.repository, issue), 201);
  });
  on("GET /pulls/:number{[0-9]+}", "pull_requests:read", async (call, context) => {
    const issue = pullIn(call, context);
    if (/\.diff\b/.test(context.req.header("accept") ?? "")) {
      const from = await diffBase(call.repository, issue);
      return context.text(await diffText(call.repository.gitDir, from, issue.pull.head.sha));
    }
    if (issue.state === "open") await askMergeable(call.repository, issue);
    return context.json(await fullPullJson(core, call.repository, issue));
  });
  on("PATCH /pulls/:number{[0-9]+}", "pull_requests:write", async (call, context) => {
    const issue = pullIn(call, context);
    mayEdit(call, issue.author);
    await editPull(sceneOf(call), issue, await bodyOf(context, PullChange));
    return context.json(await fullPullJson(core, call.repository, issue));
  });
  on("GET /pulls/:number{[0-9]+}/files", "pull_requests:read", async (call, context) => {
    const issue = pullIn(call, context);
    const { repository } = call;
    const { sha } = issue.pull.head;
    const files = await changesBetween(repository.gitDir, await diffBase(repository, issue), sha);
    return context.json(
      page(context, files).map((file) => fileJson(core, repository, { sha, file })),
    );
  });
  on("GET /pulls/:number{[0-9]+}/commits", "pull_requests:read", async (call, context) => {
    const issue = pullIn(call, context);
    const { repository } = call;
    const { head, base } = issue.pull;
    const commits = await commitsIn(repository.gitDir, [`${base.sha}..${head.sha}`]);
    return context.json(
      page(context, commits.toReversed()).map((one) => commitJson(core, repository, one)),
    );
  });
  on("GET /pulls/:number{[0-9]+}/merge", "pull_requests:read", (call, context) => {
    if (pullIn(call, context).pull.mergedAt === null) throw notFound();
    return noContent(context);
  });
}

/** Newest first unless asked otherwise; `head` is `owner:branch`, and ignored when it is not. */
function wantedPulls({ repository }: Call, context: ApiContext): PullIssue[] {
  const { state = "open", head, base, sort = "created", direction } = context.req.query();
  const [owner, branch] = head?.split(/:(.*)/s) ?? [];
  const isHere = owner?.toLowerCase() === repository.owner.login.toLowerCase();
  const wanted = pullsOf(repository).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (base === undefined || issue.pull.base.ref === base) &&
      (branch === undefined || (isHere && issue.pull.head.ref === branch)),
  );
  const key = ({ createdAt, updatedAt, number }: PullIssue): string =>
    `${sort === "updated" ? updatedAt : createdAt} ${String(number).padStart(9, "0")}`;
  const sorted = wanted.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return direction === "asc" ? sorted : sorted.toReversed();
}
