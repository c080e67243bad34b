// Clients of GitHub's API, one per repository: paced by installation, patient on the wire, and never repeating what creates.

import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { z } from "zod";

import { openStarts, type Starts } from "../../quota/starts.ts";
import type { Board } from "../../world/board.ts";
import type { Clock } from "../../world/clock.ts";
import type { Held, RepositoryRef } from "../../world/forge.ts";
import type { Log } from "../../world/log.ts";
import { permitNow } from "../../world/permit.ts";
import { secondaryLimitMs, toForgeError } from "./errors.ts";
import { lanesOf, type Lane } from "./lanes.ts";
import * as limits from "./limits.ts";
import { createPacer, type Pacer } from "./pace.ts";
import { openPrimary, type Primary } from "./primary.ts";
import { fetchInTime, quietLog } from "./wire.ts";
import { createTokens, signedWith, type Tokens, type Wanted } from "./tokens.ts";

/** The first plugin is the last thing before the wire: all waits are over by then. */
const permitted = (client: Pick<Octokit, "hook">): object => {
  client.hook.wrap("request", async (request, options) => {
    const permit: unknown = options.request?.["permit"];
    if (typeof permit === "function") await permit();
    return await request(options);
  });
  return {};
};

const PacedOctokit = Octokit.plugin(permitted, throttling, pacing, retry);
const MintingOctokit = Octokit.plugin(retry);

/** What the forge needs of a client; Probot's own clients have it too. */
export type GitHubClient = Pick<Octokit, "rest" | "graphql" | "paginate">;

/** Who we are on GitHub. Comments carry the id, reviews and reactions only the login. */
export interface AppIdentity {
  id: number;
  slug: string;
}

export interface ClientOptions {
  appId: number;
  /** PEM, PKCS#1 or PKCS#8. */
  privateKey: string;
  /** `https://api.github.com`, or the address of a server that plays it. */
  apiUrl: string;
  clock: Clock;
  log: Log;
  /** What other processes do there; null where there are none. */
  board: Board | null;
  /** Told of each wait for GitHub's limits, in milliseconds. */
  onWait?: (ms: number) => void;
}

/** Every client of this process; one installation's requests share one pace. */
export interface Clients {
  /** Signs as the App itself. */
  app: GitHubClient;
  /** Signs with tokens of one repository, minted and renewed on demand; by its name, of what an owner has beside it. */
  repository: (ref: Pick<RepositoryRef, "installationId" | "repositoryId">) => GitHubClient;
  named: (installationId: number, repository: string) => GitHubClient;
  /** Sees which repositories an installation has, and nothing in them. */
  listing: (installationId: number) => GitHubClient;
  tokens: Tokens;
  /** What GitHub asked this installation to wait with; the longest wait of several. */
  held: (id: number) => Held | null;
  /** Asked once, then remembered. Rejects with `ForgeError`. */
  identity: () => Promise<AppIdentity>;
  /** What the installation that is worst off has left of its hour's requests, from 0 to 1; null before any answer. */
  budgetLeft: () => number | null;
}

type Pacers = Readonly<Record<Lane | "pullRequests", Pacer>>;

interface Governor {
  pacers: Pacers;
  primary: Primary;
}

/** What GitHub says to notify people; a block of these leaves edits alone, and the progress comment can tell of it. */
const CREATES = /\/(?:issues|comments|reviews|pulls|replies)$/;

/** Opens the clients; no request is made. */
export function openClients(options: ClientOptions): Clients {
  const waiting = toldOfSleep(options);
  const starts = openStarts({ board: options.board, clock: options.clock });
  const pacers = openPacers(waiting, starts);
  const governor = { pacers, primary: openPrimary(waiting, starts) };
  const { appId, privateKey, clock } = options;
  const asApp = { authStrategy: createAppAuth, auth: { appId, privateKey } };
  const app = openClient(options, governor, { id: "app", signing: asApp });
  const tokens = createTokens({ app: openMinter(options, asApp), clock });
  const clients = new Map<string, GitHubClient>();
  const clientFor = (wanted: Wanted): GitHubClient => {
    const key = `${wanted.installationId}/${wanted.repository ?? ""}`;
    const signing = { authStrategy: signedWith(() => tokens(wanted), clock) };
    const id = String(wanted.installationId);
    const client = clients.get(key) ?? openClient(options, governor, { id, signing });
    clients.set(key, client);
    return client;
  };
  let identity: Promise<AppIdentity> | null = null;
  return {
    app,
    tokens,
    budgetLeft: () => governor.primary.left(),
    repository: ({ installationId, repositoryId: repository }) =>
      clientFor({ installationId, repository }),
    named: (installationId, repository) =>
      clientFor({ installationId, repository, permissions: { contents: "read" } }),
    listing: (installationId) =>
      clientFor({ installationId, repository: null, permissions: { metadata: "read" } }),
    held: (id) => {
      const all = Object.values(pacers).flatMap((pacer: Pacer) => pacer.held(String(id)) ?? []);
      return all.toSorted((one, other) => other.until - one.until)[0] ?? null;
    },
    identity() {
      identity ??= askIdentity(app).catch((error: unknown) => {
        identity = null;
        throw toForgeError(error, "tell which App this is", "reads");
      });
      return identity;
    },
  };
}

/** Who paces sleeps for nothing but GitHub's limits. */
const toldOfSleep = ({ clock, onWait }: ClientOptions): Clock => ({
  ...clock,
  sleep: async (ms, signal) => {
    await clock.sleep(ms, signal);
    onWait?.(ms);
  },
});

function openPacers(clock: Clock, starts: Starts): Pacers {
  const { patienceMs, contentPace, pullRequestPace, writePace, reactionPace } = limits;
  const common = { clock, patienceMs, starts };
  const { together } = limits;
  return {
    content: createPacer({ ...common, pace: contentPace, what: "comments and reviews" }),
    pullRequests: createPacer({ ...common, pace: pullRequestPace, what: "new pull requests" }),
    writes: createPacer({ ...common, pace: writePace, what: "writes", together }),
    reactions: createPacer({ ...common, pace: reactionPace, what: "reactions", together }),
  };
}

/** What every client has. */
const common = ({ apiUrl, log }: Pick<ClientOptions, "apiUrl" | "log">) => ({
  baseUrl: apiUrl.replace(/\/+$/, ""),
  userAgent: "fanfold",
  log: quietLog(log),
  request: { fetch: fetchInTime },
  retry: { doNotRetry: limits.doNotRetry, retries: limits.retries },
});

/** Mints tokens and waits for nobody: whatever waits for its turn comes after. */
const openMinter = (options: ClientOptions, signing: object): Octokit =>
  new MintingOctokit({ ...common(options), ...signing });

export type StrangerOptions = Pick<ClientOptions, "apiUrl" | "log">;

/** For what anybody may ask; nothing is asked twice. */
export const openStranger = (options: StrangerOptions): GitHubClient =>
  new Octokit(common(options));

/** Requests with one `id` share one pace. */
function openClient(
  options: ClientOptions,
  { pacers, primary }: Governor,
  { id, signing }: { id: string; signing: object },
): Octokit {
  const client = new PacedOctokit({
    ...common(options),
    ...signing,
    pace: (lane: Lane) => pacers[lane].wait(id),
    throttle: {
      id,
      ...freeGroups,
      onRateLimit: (after, { request }) =>
        request["retryCount"] === 0 && after * 1_000 <= limits.patienceMs,
      onSecondaryRateLimit: () => false,
    },
  });
  addHabits(client, { pacers, primary, id });
  return client;
}

/** The throttling plugin's own groups know no request, only that it writes: what has lanes here passes them freely. */
const free = { key: () => ({ schedule: () => Promise.resolve() }) };
const freeGroups: object = { notifications: free, write: free };

/** Every attempt waits in the lanes of its request, before it takes one of the places on the wire. */
function pacing(
  client: Pick<Octokit, "hook">,
  { pace }: { [option: string]: unknown; pace?: (lane: Lane) => Promise<void> },
): void {
  client.hook.wrap("request", async (request, options) => {
    for (const lane of lanesOf(options)) await pace?.(lane);
    return request(options);
  });
}

function addHabits(
  client: Octokit,
  { pacers, primary, id }: { pacers: Pacers; primary: Primary; id: string },
): void {
  client.hook.before("request", (options) => {
    // Asked here, where it is known who asks: in queues of others nobody knows any more.
    options.request = { ...options.request, permit: permitNow() };
  });
  client.hook.before("request", async (options) => {
    options.headers["x-github-api-version"] = "2022-11-28";
    if (options.method !== "POST") return;
    // A POST may have done its work before the answer was lost: whoever sent it looks first.
    // (`retries` above 0 must never be set by hand: the retry plugin then repeats into refusals and limits too.)
    if (options.request?.["repeatable"] !== true)
      options.request = { ...options.request, retries: 0 };
    if (options.url === "/repos/{owner}/{repo}/pulls") await pacers.pullRequests.wait(id);
  });
  client.hook.before("request", () => primary.wait(id));
  client.hook.after("request", ({ headers }) => primary.note(id, headers));
  client.hook.error("request", (error, { method, url }) => {
    const ms = secondaryLimitMs(error);
    const { content, pullRequests } = pacers;
    const isContent = method === "POST" && CREATES.test(url);
    const blocked = isContent ? [content, pullRequests] : Object.values(pacers);
    if (ms !== null) for (const pacer of blocked) pacer.hold(id, ms);
    throw error;
  });
}

const App = z.object({ id: z.number(), slug: z.string() });

async function askIdentity(client: GitHubClient): Promise<AppIdentity> {
  const { data } = await client.rest.apps.getAuthenticated();
  return App.parse(data);
}
