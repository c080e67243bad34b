// Which page stands at which address, and what the forms do.

import { createHash } from "node:crypto";

import type { Context, Hono } from "hono";

import { assets } from "./assets.ts";
import { branchesPage } from "./branches.ts";
import { emptyRepositoryPage, filePage, folderPage, type Place } from "./code.ts";
import { checkPage } from "./checks.ts";
import { commitPage, commitsPage } from "./commits.ts";
import { comparePage } from "./compare.ts";
import { deliveriesPage } from "./deliveries.ts";
import { branchesOf, commitOf } from "./git.ts";
import { appPage, homePage, ownerPage } from "./home.ts";
import { html, trusted } from "./html.ts";
import { issuePage, issuesPage, newIssuePage } from "./issues.ts";
import { emptyBox, layout, type Page } from "./layout.ts";
import { pullLink } from "./links.ts";
import { mountPosts } from "./posts.ts";
import { type PullPlace, pullCommitsPage, pullFilesPage, pullPage, pullsPage } from "./pulls.ts";
import type { PageSource, RepositoryView } from "./view.ts";

type Answer = Page | null | Promise<Page | null>;

/** Adds the pages and their forms to a server that already refuses foreign hosts. */
export function mountPages(app: Hono, source: PageSource): void {
  for (const [path, { type, text }] of Object.entries(assets)) {
    app.get(path, (c) => c.body(text, 200, { "content-type": type }));
  }
  app.get("/", (c) => show(c, source, homePage(source)));
  app.get("/_/deliveries", (c) => show(c, source, deliveriesPage(source, null)));
  app.get("/apps/:slug", (c) => show(c, source, appPage(source, c.req.param("slug"))));
  app.get("/:owner", (c) => show(c, source, ownerPage(source, c.req.param("owner"))));
  mountPulls(app, source);
  mountRepository(app, source);
  mountPosts(app, source);
  app.notFound((c) => show(c, source, null));
}

function mountRepository(app: Hono, source: PageSource): void {
  const at = (path: string, answer: (repository: RepositoryView, c: Context) => Answer): void => {
    app.get(`/:owner/:repo${path}`, async (c, next) => {
      const repository = repositoryOf(c, source);
      return repository === null ? next() : show(c, source, await answer(repository, c));
    });
  };
  at("", (repository) => folderOr(source, repository));
  at("/branches", (repository) => branchesPage(source, repository));
  at("/issues", (repository) => issuesPage(source, repository));
  at("/issues/new", (repository) => newIssuePage(source, repository));
  at("/issues/:number{[0-9]+}", (repository, c) => {
    const number = Number(c.req.param("number"));
    const issue = source.issues(repository).find((one) => one.number === number);
    return issue === undefined ? null : issuePage(source, { repository, issue });
  });
  at("/pulls", (repository) => pullsPage(source, repository));
  at("/runs/:id{[0-9]+}", (repository, c) => {
    const check = source.check(repository, Number(c.req.param("id")));
    return check && checkPage(source, { repository, check });
  });
  at("/deliveries", (repository) => deliveriesPage(source, repository));
  at("/commit/:sha", async (repository, c) => {
    const sha = await commitOf(repository.gitDir, c.req.param("sha") ?? "");
    return sha === null ? null : commitPage({ source, repository }, sha);
  });
  at("/compare/*", (repository, c) => {
    const spec = decodeAll(new URL(c.req.url).pathname.split("/").slice(4));
    const { title = "", body = "" } = c.req.query();
    return spec === null ? null : comparePage(repository, { spec, title, body });
  });
  at("/tree/*", async (repository, c) => {
    const place = await placeOf(repository, c);
    return place && folderPage(source, { repository, place });
  });
  at("/blob/*", async (repository, c) => {
    const place = await placeOf(repository, c);
    return place && filePage(repository, place);
  });
  at("/commits/*", async (repository, c) => {
    const place = await placeOf(repository, c);
    const page = Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1);
    return place?.path === "" ? commitsPage({ source, repository }, { ...place, page }) : null;
  });
}

function mountPulls(app: Hono, source: PageSource): void {
  // A pull request's number under `/issues/` leads to its own page, as on GitHub.
  app.get("/:owner/:repo/issues/:number{[0-9]+}", async (c, next) => {
    const repository = repositoryOf(c, source);
    const number = Number(c.req.param("number"));
    const pulls = repository === null ? [] : source.pulls(repository);
    if (repository === null || !pulls.some((one) => one.number === number)) return next();
    return c.redirect(pullLink(repository, number));
  });
  const at = (path: string, answer: (place: PullPlace) => Answer): void => {
    app.get(`/:owner/:repo/pull/:number{[0-9]+}${path}`, async (c, next) => {
      const repository = repositoryOf(c, source);
      if (repository === null) return next();
      const number = Number(c.req.param("number"));
      const pull = source.pulls(repository).find((one) => one.number === number);
      return show(c, source, pull ? await answer({ source, repository, pull }) : null);
    });
  };
  at("", pullPage);
  at("/commits", pullCommitsPage);
  at("/files", pullFilesPage);
}

async function folderOr(source: PageSource, repository: RepositoryView): Promise<Page | null> {
  const ref = repository.defaultBranch;
  const sha = await commitOf(repository.gitDir, `refs/heads/${ref}`);
  if (sha === null) return emptyRepositoryPage(repository);
  return folderPage(source, { repository, place: { ref, sha, path: "" } });
}

export async function show(c: Context, source: PageSource, page: Page | null): Promise<Response> {
  c.header("content-security-policy", policyFor(page?.formsTo));
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  if (page === null) return c.html(layout(source, missing(c)), 404);
  const main = (await page.main).toString();
  const version = `"${createHash("sha256").update(main).digest("base64url")}"`;
  c.header("etag", version);
  if (c.req.query("fragment") !== undefined) return c.html(main);
  return c.html(layout(source, { ...page, main: trusted(main), version }));
}

/** Texts come from anyone: no script of theirs runs, nothing is fetched from elsewhere, no frame shows these pages. */
const policyFor = (formsTo = ""): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action 'self' ${formsTo}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const missing = (c: Context): Page => ({
  title: "Not found",
  repository: null,
  tab: null,
  main: html`<h1>There is nothing here</h1>
    ${emptyBox(`${c.req.path} is not a page of this local GitHub. Start from the list of repositories.`)}`,
});

export function repositoryOf(c: Context, source: PageSource): RepositoryView | null {
  const owner = c.req.param("owner")?.toLowerCase();
  const name = c.req.param("repo")?.toLowerCase();
  const found = source
    .repositories()
    .find((one) => one.owner.toLowerCase() === owner && one.name.toLowerCase() === name);
  return found ?? null;
}

/** Branch names hold slashes: the longest branch that begins the rest of the address wins, as on GitHub. */
async function placeOf({ gitDir }: RepositoryView, c: Context): Promise<Place | null> {
  const steps = new URL(c.req.url).pathname.split("/").slice(4);
  const rest = decodeAll(steps);
  if (rest === null || rest === "") return null;
  const branches = await branchesOf(gitDir);
  const names = branches
    .map(({ name }) => name)
    .filter((name) => rest === name || rest.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length);
  const ref = names[0] ?? rest.split("/")[0] ?? "";
  const sha = await commitOf(gitDir, ref);
  return sha === null ? null : { ref, sha, path: rest.slice(ref.length + 1).replace(/\/$/, "") };
}

function decodeAll(steps: readonly string[]): string | null {
  try {
    return steps.map(decodeURIComponent).join("/");
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
