// Logs of CI's jobs, at addresses that open by themselves, as GitHub's short-lived ones do.

import type { Hono } from "hono";

import type { GitHubCore } from "./core.ts";

export function mountLogs(pages: Hono, { state }: GitHubCore): void {
  pages.get("/_/logs/:id{[0-9]+}", (context) => {
    const id = Number(context.req.param("id"));
    const all = [...state.repositories.values()].map(({ checkRuns }) => checkRuns.get(id));
    const log = all.find((check) => check !== undefined)?.log ?? null;
    return log === null ? context.text("", 404) : context.text(log);
  });
}
