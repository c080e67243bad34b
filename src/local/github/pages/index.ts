// Where the web pages are hung into the local GitHub.

import type { Hono } from "hono";

import type { GitHubCore } from "../core.ts";
import { mountApps } from "./apps.ts";
import { mountPages } from "./routes.ts";
import { pageSource } from "./source.ts";

export type Pages = (app: Hono, github: GitHubCore) => void;

/** Adds the pages to a server that already refuses foreign hosts. */
export const registerPages: Pages = (app, github) => {
  const source = pageSource(github);
  mountApps(app, github, source);
  mountPages(app, source);
};
