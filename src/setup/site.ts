// The pages of a set-up by their addresses: who is let in, and what each answer leads to.

import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";

import { ForgeError } from "../world/forge-error.ts";
import type { Commands } from "./commands.ts";
import { creationUrl, hookUrl, manifestFor } from "./manifest.ts";
import { askPage } from "./pages/ask.ts";
import { headersFor, layout, type Page } from "./pages/layout.ts";
import { installedPage, madePage, type MadeLook } from "./pages/made.ts";
import { reviewPage } from "./pages/review.ts";
import * as trouble from "./pages/trouble.ts";
import { isSame } from "./secrets.ts";
import { type Exchanged, exchange, saveAgain, type Setup } from "./setup.ts";
import { type Given, missing } from "./variables.ts";
import { type Field, readWish, type Typed, untouched } from "./wish.ts";

const FORM_BYTES = 20_000;

/** What GitHub puts into the address it sends a browser back to. What is no code of GitHub's counts as none. */
const Return = z.object({
  code: z
    .string()
    .regex(/^[\w-]{1,200}$/u)
    .catch(""),
  state: z.string().catch(""),
});

export interface Site {
  fetch: (request: Request) => Promise<Response>;
  /** Resolves to who installed the App, once the last page is on its way. */
  installed: Promise<readonly string[]>;
}

/** Answers under `hosts` alone: a page elsewhere that gives its own name this address is refused. */
export function openSite(
  setup: Setup,
  { hosts, commands }: { hosts: readonly string[]; commands: Commands },
): Site {
  const app = new Hono();
  const { promise: installed, resolve } = Promise.withResolvers<readonly string[]>();
  app.use(async (c, next) => {
    if (hosts.includes(c.req.header("host") ?? "")) return await next();
    return c.text(`This page answers only as ${hosts.join(" or ")}.\n`, 421);
  });
  app.use(async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD" || isFromHere(c)) return await next();
    return show(c, trouble.troublePage(trouble.foreignForm), 403);
  });
  app.get("/", (c) => ask(setup, c));
  app.post("/", bodyLimit({ maxSize: FORM_BYTES }), (c) => review(setup, c));
  app.get("/created", (c) => created(setup, c));
  app.get("/made", (c) => made(setup, c));
  app.get("/installed", (c) => look(setup, { c, commands, onInstalled: resolve }));
  app.notFound((c) => show(c, trouble.troublePage(trouble.noSuchPage), 404));
  app.onError((error, c) => {
    // Told where people look for it; a browser learns no more than that something broke.
    setup.tell(`A page of the set-up failed: ${error.name}.`);
    return c.text(
      "Something of ours failed; what was done stays done. Load the page again.\n",
      500,
    );
  });
  return { fetch: async (request) => app.fetch(request), installed };
}

type Status = 200 | 403 | 404 | 409 | 422 | 502 | 507;

function show(c: Context, page: Page, status: Status = 200): Response | Promise<Response> {
  for (const [name, value] of Object.entries(headersFor(page))) c.header(name, value);
  return c.html(layout(page), status);
}

/** A browser always says where a form comes from. */
const isFromHere = (c: Context): boolean =>
  c.req.header("origin") === `http://${c.req.header("host")}`;

const beginning = ({ key }: Setup): string => `/?key=${key}`;

const wrongKey = (c: Context) => show(c, trouble.troublePage(trouble.wrongKey), 403);

function ask(setup: Setup, c: Context) {
  if (!isSame(c.req.query("key") ?? "", setup.key)) return wrongKey(c);
  if (setup.progress.given !== null) return c.redirect("/made", 303);
  return form(setup, c, { typed: untouched, mistakes: {} });
}

function form(
  { key, places, file }: Setup,
  c: Context,
  given: { typed: Typed; mistakes: Readonly<Partial<Record<Field, string>>> },
) {
  const { webhookPath, githubWebUrl } = places;
  const look = { ...given, key, path: file.path, webhookPath, github: new URL(githubWebUrl).host };
  return show(c, askPage(look), Object.keys(given.mistakes).length === 0 ? 200 : 422);
}

async function review(setup: Setup, c: Context): Promise<Response> {
  const sent = await c.req.parseBody();
  if (typeof sent["key"] !== "string" || !isSame(sent["key"], setup.key)) return wrongKey(c);
  if (setup.progress.given !== null) return c.redirect("/made", 303);
  const { places, appFile, origin, key, states, progress } = setup;
  const read = readWish(sent, places);
  const { typed } = read;
  if (sent["again"] === "1") return form(setup, c, { typed, mistakes: {} });
  if (!read.ok) return form(setup, c, read);
  const { wish } = read;
  progress.wish = wish;
  const returns = { made: `${origin}/created`, installed: `${origin}/installed` };
  const manifest = JSON.stringify(manifestFor(wish, { file: appFile, places, returns }));
  const action = `${creationUrl(wish, places)}?state=${states.issue()}`;
  const hook = hookUrl(wish.address, places);
  return show(c, reviewPage({ wish, typed, key, manifest, hook, action }));
}

/** GitHub sends the browser here. Without the word that was given along nobody can hand us an App of theirs. */
async function created(setup: Setup, c: Context): Promise<Response> {
  if (setup.progress.given !== null) return c.redirect("/made", 303);
  const { code, state } = Return.parse(c.req.query());
  if (!setup.states.take(state)) {
    return show(c, trouble.troublePage(trouble.wrongState), 403);
  }
  return outcome(setup, c, code === "" ? { kind: "used" } : await exchange(setup, code));
}

/** Each way out of a trouble carries a new word. */
function outcome(setup: Setup, c: Context, exchanged: Exchanged): Response | Promise<Response> {
  const retry = (): string => {
    const query = { code: c.req.query("code") ?? "", state: setup.states.issue() };
    return `/created?${new URLSearchParams(query).toString()}`;
  };
  switch (exchanged.kind) {
    case "saved":
      return c.redirect("/made", 303);
    case "busy":
      return show(c, trouble.troublePage(trouble.busy(retry())), 409);
    case "used":
      return show(
        c,
        trouble.troublePage(trouble.usedCode(settingsOf(setup), beginning(setup))),
        422,
      );
    case "unanswered":
      return show(c, trouble.troublePage(trouble.notConverted(exchanged.said, retry())), 502);
    case "no-file":
      return show(c, trouble.troublePage(trouble.cannotWrite(exchanged.said, retry())), 507);
    case "unsaved":
      return show(c, trouble.troublePage(trouble.notSaved(exchanged.said)), 507);
  }
}

/** Where the owner's Apps are listed. */
function settingsOf({ progress, places }: Setup): string {
  const organization = progress.wish?.organization ?? null;
  const whose = organization === null ? "" : `/organizations/${organization}`;
  return `${places.githubWebUrl}${whose}/settings/apps`;
}

async function made(setup: Setup, c: Context): Promise<Response> {
  const { given, isSaved } = setup.progress;
  if (given === null) return show(c, trouble.troublePage(trouble.nothingMade), 404);
  if (!isSaved) {
    const saved = await saveAgain(setup);
    return outcome(setup, c, saved);
  }
  return show(c, madePage(lookOf(setup, given), null));
}

const lookOf = ({ progress, file, shell }: Setup, given: Given): MadeLook => ({
  app: given.app,
  isPublic: progress.wish?.isPublic ?? false,
  path: file.path,
  kept: file.kept,
  missing: missing(given, shell),
});

interface Looking {
  c: Context;
  commands: Commands;
  onInstalled: (accounts: readonly string[]) => void;
}

/** What the address says of an installation anybody could have typed: GitHub is asked. */
async function look(setup: Setup, { c, commands, onInstalled }: Looking): Promise<Response> {
  const { given, isSaved } = setup.progress;
  if (given === null || !isSaved) return await made(setup, c);
  try {
    const accounts = await setup.installedOn(given.app);
    if (accounts.length > 0) {
      onInstalled(accounts);
      return await show(c, installedPage({ ...lookOf(setup, given), accounts, commands }));
    }
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return show(c, trouble.troublePage(trouble.cannotLook(error.message)), 502);
  }
  const isAsked = c.req.query("setup_action") === "request";
  return show(c, madePage(lookOf(setup, given), isAsked ? "asked owners" : "not yet"));
}
