// The local GitHub: one HTTP server on the loopback interface with the API at its root, git, and pages.

import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";

import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

import { isApiPath, openApi } from "./api.ts";
import { type GivenApp, nobodysApp, openApp } from "./app.ts";
import { openContentMeter } from "./content-limits.ts";
import { openPushMeter } from "./push-limits.ts";
import { openRateLimits } from "./rate.ts";
import { openSecondaryMeter } from "./secondary-limits.ts";
import { openBackground } from "./background.ts";
import type { Ci } from "./ci.ts";
import type { GitHubCore, RepositoryName, Said } from "./core.ts";
import type { Exchange } from "./exchange.ts";
import { type Fault, type Faults, openFaults } from "./faults.ts";
import { type Gestures, openGestures } from "./gestures.ts";
import { importRepository } from "./import.ts";
import { mountLogs } from "./job-logs.ts";
import { isLoopbackHost } from "./loopback.ts";
import { registerPages } from "./pages/index.ts";
import { type AskedLimits, publishedLimits } from "./published-limits.ts";
import * as people from "./people.ts";
import { answerGit, isGitPath } from "./smart-http.ts";
import { type Delivery, emptyState, type Role, type State } from "./state.ts";
import { openTokens } from "./tokens.ts";
import { redeliver } from "./webhooks/deliver.ts";

export interface LocalGitHubOptions extends AskedLimits {
  /** 0 or left out: any free port. */
  port?: number;
  /** A folder for the bare repositories; made when missing. */
  dataDir: string;
  /** Left out: there is none until a person makes one from a manifest, and repositories have none installed. */
  app?: GivenApp;
  /** CI that looks at every branch; default none. */
  ci?: Ci;
  /** Tells the time by which limits count; default the system's. */
  now?: () => number;
  faults?: readonly Fault[];
  onExchange?: (exchange: Exchange) => void;
}

export interface LocalGitHub {
  url: string;
  app: { id: number; slug: string; privateKey: string };
  state: State;
  faults: Faults;
  createUser(user: people.NewUser): Promise<{ id: number; login: string; token: string }>;
  /** Installs the App on it; `installationId` is 0 while there is no App. `cloneUrl` is for git. */
  createRepository(repository: people.NewRepository): Promise<{
    id: number;
    installationId: number;
    gitDir: string;
    url: string;
    cloneUrl: string;
  }>;
  setRole(repository: RepositoryName, login: string, role: Role): Promise<void>;
  importRepository(repository: RepositoryName, path: string): Promise<void>;
  createIssue(
    repository: RepositoryName,
    issue: Said & { title: string },
  ): Promise<{ number: number; url: string }>;
  comment(
    repository: RepositoryName,
    number: number,
    said: Said,
  ): Promise<{ id: number; url: string }>;
  /** What people do without words. */
  gestures: Gestures;
  /** Sends a delivery of the log again. */
  redeliver(deliveryId: number): Promise<Delivery>;
  /** Resolves when no webhook is on its way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts on 127.0.0.1. Rejects when the port is in use. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  await mkdir(options.dataDir, { recursive: true });
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const core = openCore(options, `http://127.0.0.1:${port}`);
  const answer = listener(core, { options, port });
  server.on("request", (request, response) => void answer(request, response));
  return facade(core, server);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(
        `Port ${port} is already in use, so the local GitHub was not started. Choose another port or end what uses it.`,
        { cause: error },
      );
    }
    throw error;
  }
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : port;
}

type Core = GitHubCore & { background: ReturnType<typeof openBackground> };

function openCore(options: LocalGitHubOptions, url: string): Core {
  const state = emptyState();
  const faults = openFaults();
  for (const fault of options.faults ?? []) faults.add(fault);
  const background = openBackground((error) => {
    process.stderr.write(`local GitHub: ${String(error)}\n`);
  });
  const core: Core = {
    get gestures() {
      return openGestures(core);
    },
    app: options.app === undefined ? nobodysApp() : openApp(options.app, state),
    state,
    faults,
    dataDir: options.dataDir,
    ci: options.ci ?? null,
    url,
    onExchange: options.onExchange ?? (() => {}),
    background,
    comment: (repository, number, said) => people.comment(core, repository, { number, ...said }),
    createIssue: (repository, issue) => people.createIssue(core, repository, issue),
    redeliver(deliveryId) {
      const found = state.deliveries.find(({ id }) => id === deliveryId);
      if (found !== undefined) return redeliver(core, found);
      return Promise.reject(new Error(`There is no delivery ${deliveryId}.`));
    },
  };
  return core;
}

function listener(core: Core, { options, port }: { options: LocalGitHubOptions; port: number }) {
  const tokens = openTokens(core);
  const { requestsPerHour = publishedLimits.requestsPerHour, now = Date.now } = options;
  const { contentLimits = null, secondaryLimits = null, pushLimits = null } = options;
  const api = openApi(core, tokens, {
    limits: openRateLimits(requestsPerHour, now),
    meter: openContentMeter(contentLimits, now),
    secondary: openSecondaryMeter(secondaryLimits, now),
  });
  const pushes = openPushMeter(pushLimits, now);
  const pages = new Hono();
  mountLogs(pages, core);
  registerPages(pages, core);
  return getRequestListener(async (request) => {
    const host = request.headers.get("host") ?? undefined;
    if (!isLoopbackHost(host, port)) {
      return new Response("This server answers only under 127.0.0.1 and localhost.\n", {
        status: 421,
      });
    }
    const { pathname } = new URL(request.url);
    if (isGitPath(pathname)) return answerGit({ core, tokens, pushes }, request);
    return isApiPath(pathname) ? api.fetch(request) : pages.fetch(request);
  });
}

function facade(core: Core, server: Server): LocalGitHub {
  const { state, url, faults } = core;
  return {
    url,
    get app() {
      const { id, slug, privateKey } = core.app;
      return { id, slug, privateKey };
    },
    state,
    faults,
    createUser: async (user) => people.createUser(core, user),
    async createRepository(wanted) {
      const { id, installation, gitDir } = await people.createRepository(core, wanted);
      const page = `${url}/${wanted.owner}/${wanted.name}`;
      const installationId = installation?.id ?? 0;
      return { id, installationId, gitDir, url: page, cloneUrl: `${page}.git` };
    },
    setRole: async (repository, login, role) => people.setRole(core, repository, { login, role }),
    importRepository: (repository, path) => importRepository(core, repository, path),
    createIssue: (repository, issue) => core.createIssue(repository, issue),
    comment: (repository, number, said) => core.comment(repository, number, said),
    gestures: core.gestures,
    redeliver: (deliveryId) => core.redeliver(deliveryId),
    settled: () => core.background.settled(),
    async close() {
      await core.background.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
