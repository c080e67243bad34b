// Serves the run pages, to this machine only: there is no login yet, so nobody else may see them.

import type { IncomingMessage, ServerResponse } from "node:http";

import type { LiveRun } from "../runs/live.ts";
import { listPage, runPage } from "./pages.ts";
import { runData } from "./run-data.ts";

export interface Dashboard {
  runs: () => readonly LiveRun[];
  now: () => number;
}

const HEADERS = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/**
 * Handles `/runs`, `/runs.json`, `/runs/<id>` and `/runs/<id>.json`; true when it did. Requests that do not come from this
 * machine, or name another host (a page elsewhere that rebinds its name), are left to whoever answers 404.
 */
export function dashboardHandler(dashboard: Dashboard) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET" || !/^\/runs($|[./])/.test(pathname) || !isLocal(request))
      return false;
    const answer = answerTo(dashboard, pathname);
    if (answer === null) return false;
    response.writeHead(200, { ...HEADERS, "content-type": answer.type }).end(answer.body);
    return true;
  };
}

function answerTo({ runs, now }: Dashboard, path: string): { type: string; body: string } | null {
  const data = runs().map((run) => runData(run, now()));
  if (path === "/runs") return html(listPage(data));
  if (path === "/runs.json") return json(data);
  const [, id = "", extension = ""] = /^\/runs\/([\w-]+)(\.json)?$/.exec(path) ?? [];
  const run = data.find((candidate) => candidate.id === id);
  if (run === undefined) return null;
  return extension === "" ? html(runPage(run)) : json(run);
}

const html = (body: string) => ({ type: "text/html; charset=utf-8", body });
const json = (value: unknown) => ({ type: "application/json", body: JSON.stringify(value) });

function isLocal(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? "";
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const loopback = from === "::1" || from === "::ffff:127.0.0.1" || from.startsWith("127.");
  return loopback && ["127.0.0.1", "localhost", "[::1]"].includes(host);
}
