// `fanfold setup`: a page on this machine that leads from nothing to an installed App, and ends by itself.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";

import { getRequestListener } from "@hono/node-server";

import { EnvError, type Places, readPlaces } from "../config/env.ts";
import { publicGitHub } from "../config/env-variables.ts";
import { limits } from "../config/limits.ts";
import { systemClock } from "../outside/clock.ts";
import { createConvertCode } from "../outside/github/new-app.ts";
import { openClients } from "../outside/github/octokit.ts";
import { createRegistration } from "../outside/github/registration.ts";
import { commandsFor } from "../setup/commands.ts";
import { FileTrouble } from "../setup/file.ts";
import { readAppFile } from "../setup/manifest.ts";
import { installUrl } from "../setup/pages/made.ts";
import { openSetup, type Setup } from "../setup/setup.ts";
import { openSite } from "../setup/site.ts";
import { missing, winners } from "../setup/variables.ts";
import type { Log } from "../world/log.ts";
import type { InstalledOn } from "../world/new-app.ts";
import type { Terminal } from "./terminal.ts";
import { type OpenedFile, openVariablesFile } from "./variables-file.ts";

export interface SetupOptions {
  host: string;
  /** Left out: any free one. */
  port?: number;
  envFile: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const APP_FILE = new URL("../../app.yml", import.meta.url);
/** Until the last page has left; then connections that browsers keep are cut. */
const LAST_PAGE_MS = 2_000;
const EVERY_ADDRESS = ["0.0.0.0", "::"];

/** Resolves to the exit status: 0 when the App is installed, 1 when the set-up ended before. */
export async function runSetup(
  options: SetupOptions,
  { variables, stop }: { variables: Variables; stop: AbortSignal },
  terminal: Terminal,
): Promise<number> {
  try {
    const places = consistent(readPlaces(variables));
    const file = await openVariablesFile(options.envFile);
    return await serve(options, { places, file, variables, stop }, terminal);
  } catch (error) {
    if (!(error instanceof EnvError || error instanceof FileTrouble || error instanceof NoPort)) {
      throw error;
    }
    terminal.complain(error.message);
    return 1;
  }
}

class NoPort extends Error {
  override readonly name = "NoPort";
}

/** A page of one GitHub and the API of another would look like a code that nobody knows. */
function consistent(places: Places): Places {
  const isPublic = places.githubWebUrl === publicGitHub.web;
  if (isPublic === (places.githubApiUrl === publicGitHub.api)) return places;
  throw new EnvError(
    "GITHUB_WEB_URL and GITHUB_API_URL belong together: set both for a GitHub of your own, neither for github.com. Nothing was done.",
  );
}

interface Parts {
  places: Places;
  file: OpenedFile;
  variables: Variables;
  stop: AbortSignal;
}

async function serve(options: SetupOptions, parts: Parts, terminal: Terminal): Promise<number> {
  const { places, file, variables, stop } = parts;
  const server = createServer();
  const hosts = hostsOf(options.host, await listen(server, options));
  const secret = (): string => randomBytes(32).toString("hex");
  const setup = openSetup({
    origin: `http://${hosts[0]}`,
    key: secret(),
    places,
    appFile: readAppFile(await readFile(APP_FILE, "utf8")),
    file,
    shell: variables,
    secret,
    convert: createConvertCode({ apiUrl: places.githubApiUrl, log: silent }),
    installedOn: installedAt(places),
    tell: (line) => terminal.print(line),
  });
  const commands = commandsFor(file.typed);
  const site = openSite(setup, { hosts, commands });
  const listener = getRequestListener(site.fetch);
  server.on("request", (request, response) => void listener(request, response));
  terminal.print(greeting(setup, { ...options, paint: terminal.paint }));
  const ended = new AbortController();
  try {
    const late = systemClock.sleep(limits.setup.openMs, ended.signal).then(() => null);
    const stopped = once(stop, "abort", { signal: ended.signal }).then(() => null);
    const accounts = stop.aborted ? null : await Promise.race([site.installed, late, stopped]);
    terminal.print(accounts === null ? leaving(setup) : done(setup, { accounts, ...commands }));
    return accounts === null ? 1 : 0;
  } finally {
    ended.abort();
    await close(server);
  }
}

async function listen(server: Server, { host, port = 0 }: SetupOptions): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const why = code === "EADDRINUSE" ? "another program uses it" : code;
    throw new NoPort(
      `The set-up cannot listen on ${host}:${port} (${why}). Name another port with --port, or leave it out for any free one. Nothing was done.`,
      { cause: error },
    );
  }
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : port;
}

/** What a browser may call this page; the first is what we call it. */
function hostsOf(host: string, port: number): string[] {
  const named = host.includes(":") ? `[${host}]` : host;
  const loopback = ["127.0.0.1", "localhost"];
  const names = EVERY_ADDRESS.includes(host) ? loopback : [...new Set([named, ...loopback])];
  return names.map((name) => `${name}:${port}`);
}

const installedAt =
  ({ githubApiUrl: apiUrl }: Places): InstalledOn =>
  async ({ id: appId, privateKey }) => {
    const { app } = openClients({
      board: null,
      appId,
      privateKey,
      apiUrl,
      clock: systemClock,
      log: silent,
    });
    const accounts: string[] = [];
    for await (const { account } of createRegistration(app).installations()) accounts.push(account);
    return accounts;
  };

function greeting(
  { origin, key, file, shell, places }: Setup,
  { host, paint }: SetupOptions & Pick<Terminal, "paint">,
): string {
  const set = winners(shell);
  const isOpen = !["127.0.0.1", "localhost", "::1"].includes(host);
  return [
    `Open this page in a browser that is signed in at ${new URL(places.githubWebUrl).host}:`,
    "",
    `  ${paint.bold(`${origin}/?key=${key}`)}`,
    "",
    ...(file.kept === null ? [] : [`${file.kept} is there already and stays as it is.`]),
    `The App's variables will be written to ${file.path}.`,
    ...(set.length === 0
      ? []
      : [
          `${set.join(", ")}: set in this shell, where it wins over the file. Unset it for the new App.`,
        ]),
    ...(isOpen
      ? [`It listens on ${host}: whoever reaches that needs the address above to do anything.`]
      : []),
    "Nothing is created before you say so on GitHub's page. Ctrl-C ends the set-up.",
  ].join("\n");
}

function leaving({ progress: { given, isSaved }, file }: Setup): string {
  if (given === null) {
    return "The set-up ended. Nothing was written; if you created an App meanwhile, delete it on its settings page at GitHub.";
  }
  if (!isSaved) {
    return `The set-up ended before its secrets were saved. Delete the App at ${given.app.page} and begin again, or make a new private key and webhook secret there.`;
  }
  return `The set-up ended. The App's variables are in ${file.path}. Install it: ${installUrl(given.app)}`;
}

function done(
  { progress: { given }, shell, file }: Setup,
  { accounts, doctor, start }: { accounts: readonly string[]; doctor: string; start: string },
): string {
  const lacks = given === null ? [] : missing(given, shell);
  return [
    `Installed on ${accounts.join(", ")}.`,
    ...(lacks.length === 0
      ? []
      : [`Still missing in ${file.path}:`, ...lacks.map((each) => `  ${each}`)]),
    `Next: ${doctor}`,
    `Then: ${start}`,
  ].join("\n");
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const sooner = new AbortController();
  await Promise.race([
    closed,
    systemClock.sleep(LAST_PAGE_MS, sooner.signal).catch(() => undefined),
  ]);
  sooner.abort();
  server.closeAllConnections();
  await closed;
}

/** What the clients say on the way stands in the pages. */
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
