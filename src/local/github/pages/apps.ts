// How an App comes into this GitHub: a manifest is shown, made an App of, and the App is installed.

import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";

import { createApp } from "../app.ts";
import { type GitHubCore, hasApp } from "../core.ts";
import { installApp } from "../install.ts";
import { mayInstall, problemWithName, readManifest, slugOf } from "../rules/manifest.ts";
import type { Account } from "../state.ts";
import { findAccount } from "../look-up.ts";
import { installPage, newAppPage, type NewAppLook, noManifestPage } from "./app-forms.ts";
import { isFromHere, refuseForeign } from "./posts.ts";
import { show } from "./routes.ts";
import type { PageSource } from "./view.ts";

const formBytes = 100_000;
const Sent = z.object({ manifest: z.string(), state: z.string().default("") });
const Created = Sent.extend({ as: z.string(), name: z.string().trim() });
const Installed = z.object({ on: z.string() });

interface Desk {
  core: GitHubCore;
  source: PageSource;
}

export function mountApps(app: Hono, core: GitHubCore, source: PageSource): void {
  const desk = { core, source };
  const limit = bodyLimit({ maxSize: formBytes });
  for (const place of ["", "/organizations/:org"]) {
    const path = `${place}/settings/apps`;
    app.get(`${path}/new`, (c) => show(c, source, noManifestPage(null)));
    // A page elsewhere sends this, as it does on GitHub: it is only shown, and nothing comes of it yet.
    app.post(`${path}/new`, limit, (c) => showManifest(desk, c));
    app.post(path, limit, (c) => (isFromHere(c) ? create(desk, c) : refuseForeign(c)));
  }
  app.get("/apps/:slug/installations/new", (c) => show(c, source, installForm(desk, c)));
  app.post("/apps/:slug/installations/new", limit, (c) =>
    isFromHere(c) ? install(desk, c) : refuseForeign(c),
  );
}

async function showManifest({ core, source }: Desk, c: Context): Promise<Response> {
  const sent = Sent.safeParse(await c.req.parseBody());
  const owners = ownersFor(core, c);
  if (owners === null || !sent.success) return show(c, source, owners && noManifestPage(null));
  const read = readManifest(sent.data.manifest);
  if (!read.ok) return show(c, source, noManifestPage(read.why));
  return show(c, source, newAppPage(lookOf(c, { ...sent.data, ...read, owners })));
}

/** The state comes with the address first, and with the form afterwards. */
function lookOf(
  c: Context,
  { manifest, owners, ...sent }: Pick<NewAppLook, "manifest" | "owners" | "state"> & object,
): NewAppLook {
  return {
    manifest,
    owners,
    text: JSON.stringify(manifest),
    state: c.req.query("state") ?? sent.state,
    action: c.req.path.replace(/\/new$/, ""),
  };
}

/** Null: there is no such organization. */
function ownersFor({ state }: GitHubCore, c: Context): string[] | null {
  const org = c.req.param("org");
  if (org === undefined) {
    const people = [...state.accounts.values()].filter(({ type }) => type === "User");
    return people.map(({ login }) => login);
  }
  const found = findAccount(state, org);
  return found?.type === "Organization" ? [found.login] : null;
}

async function create({ core, source }: Desk, c: Context): Promise<Response> {
  const wish = await wishIn(core, c);
  if (wish === null) {
    c.status(422);
    const why = "This form is not one of these pages'. Nothing was made.";
    return show(c, source, noManifestPage(why));
  }
  const { manifest, owner, state } = wish;
  const problem = problemWith(core, manifest.name);
  if (problem !== null) {
    c.status(422);
    return show(c, source, newAppPage({ ...lookOf(c, wish), problem }));
  }
  const { code } = createApp(core, { manifest, owner, slug: slugOf(manifest.name) });
  const back = new URL(manifest.redirect_url);
  back.searchParams.set("code", code);
  if (state !== "") back.searchParams.set("state", state);
  return c.redirect(back.href, 302);
}

/** What a person wants made, with the name they gave it in the page; null for what our page does not send. */
async function wishIn(core: GitHubCore, c: Context) {
  const sent = Created.safeParse(await c.req.parseBody());
  const owners = ownersFor(core, c);
  if (!sent.success || owners === null) return null;
  const { as, name, state } = sent.data;
  const read = readManifest(sent.data.manifest);
  const owner = owners.includes(as) ? findAccount(core.state, as) : undefined;
  if (!read.ok || owner === undefined) return null;
  return { manifest: { ...read.manifest, name }, owner, owners, state };
}

/** Also where this GitHub can do less than the real one: it plays one App. */
function problemWith(core: GitHubCore, name: string): string | null {
  const isInUse = hasApp(core) && core.state.installations.size > 0;
  if (!isInUse) return problemWithName(core.state, name);
  return `This local GitHub plays one App at a time, and ${core.app.name} is installed here. Start another local GitHub for a new one.`;
}

function installable({ app, state }: GitHubCore): Account[] {
  return [...state.accounts.values()].filter((account) => mayInstall(app, account));
}

function installForm({ core }: Desk, c: Context) {
  const { app } = core;
  if (!hasApp(core) || c.req.param("slug") !== app.slug) return null;
  const accounts = installable(core).map(({ login }) => login);
  return installPage(app, { accounts, setupUrl: app.setupUrl });
}

async function install({ core, source }: Desk, c: Context): Promise<Response> {
  const { app, url } = core;
  const sent = Installed.safeParse(await c.req.parseBody());
  const account = installable(core).find(({ login }) => login === sent.data?.on);
  if (!hasApp(core) || c.req.param("slug") !== app.slug || account === undefined) {
    return show(c, source, null);
  }
  const { id } = installApp(core, account);
  const to = new URL(app.setupUrl ?? `${url}/apps/${app.slug}`);
  to.searchParams.set("installation_id", String(id));
  to.searchParams.set("setup_action", "install");
  return c.redirect(to.href, 302);
}
