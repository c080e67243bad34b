// What CI left: statuses of a commit, notes of a check run, and where the log of a job can be read for a moment.

import { type ApiContext, type Call, numberIn, page } from "../call.ts";
import { resolveCommit } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, unprocessable } from "../errors.ts";
import { nodeId } from "../ids.ts";
import { addressesOf, repositoryJson } from "../render/repository.ts";
import type { CheckRun, Repository, Status } from "../state.ts";
import { type Api, repositoryRoutes } from "./router.ts";

export function ciRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("GET /check-runs/:id{[0-9]+}/annotations", "checks:read", (call, context) => {
    const { annotations, headSha } = runIn(call, context);
    const { html } = addressesOf(core, call.repository);
    const notes = annotations.map((note) => ({
      ...note,
      title: note.title ?? null,
      start_column: null,
      end_column: null,
      raw_details: null,
      blob_href: `${html}/blob/${headSha}/${note.path}`,
    }));
    return context.json(page(context, notes));
  });
  on("GET /actions/jobs/:id{[0-9]+}/logs", "actions:read", (call, context) => {
    const { id, log } = runIn(call, context);
    if (log === null) throw notFound();
    return context.redirect(`${core.url}/_/logs/${id}`, 302);
  });
}

function runIn({ repository }: Call, context: ApiContext): CheckRun {
  const found = repository.checkRuns.get(numberIn(context, "id"));
  if (found === undefined) throw notFound();
  return found;
}

/** As `GET …/commits/{ref}/status` answers: the newest status of each context. */
export async function statusesOf(
  { core, repository }: Call,
  context: ApiContext,
  ref: string,
): Promise<Response> {
  const sha = await resolveCommit(repository.gitDir, ref);
  if (sha === null) throw unprocessable("Status", `No commit found for SHA: ${ref}`);
  const all = repository.statuses.filter((status) => status.sha === sha);
  const newest = [...new Map(all.map((status) => [status.context, status])).values()];
  const { api } = addressesOf(core, repository);
  const statuses = page(context, newest).map((status) => statusJson(core, repository, status));
  return context.json({
    state: combined(newest),
    statuses,
    sha,
    total_count: newest.length,
    repository: repositoryJson(core, repository),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  });
}

function combined(statuses: readonly Status[]): string {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  return statuses.length > 0 && statuses.every(({ state }) => state === "success")
    ? "success"
    : "pending";
}

function statusJson(core: GitHubCore, repository: Repository, status: Status) {
  const { id, sha, context, state, at } = status;
  return {
    id,
    node_id: nodeId("Status", id),
    url: `${addressesOf(core, repository).api}/statuses/${sha}`,
    avatar_url: null,
    description: null,
    target_url: null,
    created_at: at,
    updated_at: at,
    context,
    state,
  };
}
