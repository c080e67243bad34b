// Which paces a request waits for: creating, any other write, or a mere reaction. Pure.

import { throttling } from "@octokit/plugin-throttling";

export type Lane = "writes" | "content" | "reactions";

/** In the order in which they are waited for. Requests that change nothing wait for none; every GraphQL call counts as a write. */
export function lanesOf({ method, url }: { method: string; url: string }): readonly Lane[] {
  if (method === "GET" || method === "HEAD") return [];
  const { pathname } = new URL(url, "http://path.invalid");
  // A sign that somebody was heard must not queue behind what others are told.
  if (/\/reactions(?:\/[^/]+)?$/u.test(pathname)) return ["reactions"];
  return throttling.triggersNotification(pathname) ? ["writes", "content"] : ["writes"];
}
