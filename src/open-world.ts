// The world of production: GitHub, git, Claude, the system's clock, a queue in this process, an inbox on its disk.

import { join, resolve } from "node:path";

import { compactedAt, priceOf, thinksWhenAsked } from "./config/models.ts";
import type { Env } from "./config/env.ts";
import type { Provider } from "./config/provider.ts";
import { limits, queueLimits } from "./config/limits.ts";
import { serves, type Serves } from "./deliveries/served.ts";
import { createModelCheck } from "./outside/claude/check.ts";
import { createClaude } from "./outside/claude/claude.ts";
import { reachBedrock, reachVertex } from "./outside/claude/clouds.ts";
import { reachAnthropic, type Reach } from "./outside/claude/reach.ts";
import { systemClock } from "./outside/clock.ts";
import { openFolderDisk } from "./outside/disk.ts";
import { createDeliveries } from "./outside/github/deliveries.ts";
import { createOpenForge } from "./outside/github/forge.ts";
import { openClients, type AppIdentity, type Clients } from "./outside/github/octokit.ts";
import { createRegistration } from "./outside/github/registration.ts";
import { createOpenAccess } from "./outside/github/remote.ts";
import { installedRepositories } from "./outside/github/repositories.ts";
import { openFolderInbox } from "./outside/inbox.ts";
import { openBull } from "./outside/queue/bull.ts";
import { createBullFleet } from "./outside/queue/bull-fleet.ts";
import { createBullQueue } from "./outside/queue/bull-queue.ts";
import { createEmbeddedQueue } from "./outside/queue/embedded.ts";
import { openAuditLog } from "./outside/audit-log.ts";
import { auditForges, auditRemotes } from "./outgoing/audit-writes.ts";
import { guardForges } from "./outgoing/guard-forge.ts";
import { ownPages } from "./outgoing/own-pages.ts";
import { createRedaction } from "./outgoing/secrets.ts";
import { openGitRemote } from "./repo/git-remote.ts";
import type { World } from "./world.ts";
import type { RepositoryRef } from "./world/forge.ts";
import type { Log } from "./world/log.ts";
import type { Telemetry } from "./world/telemetry.ts";

/** The world, and who we are in it. */
export interface OpenedWorld extends World {
  /** Asks GitHub which App the key belongs to. Rejects with `ForgeError`. */
  identity(): Promise<AppIdentity>;
}

/** Opens every port with what the operator set. Nobody is asked for anything yet. Rejects with `NoWayToClaude`, or with `NoWayToQueue`. */
export async function openWorld(
  env: Env,
  { log, telemetry }: { log: Log; telemetry: Telemetry },
): Promise<OpenedWorld> {
  const clock = systemClock;
  const random = Math.random;
  const { appId, privateKey, githubApiUrl: apiUrl, githubWebUrl: webUrl } = env;
  const shared = await openShared(env, log);
  const clients = openClients({
    board: shared.fleet?.board ?? null,
    appId,
    privateKey,
    apiUrl,
    clock,
    log,
    onWait: (ms) => telemetry.took("wait", ms, { cause: "github" }),
  });
  telemetry.watch("github.budget", () => {
    const value = clients.budgetLeft();
    return value === null ? [] : [{ value, facts: {} }];
  });
  const accessTo = createOpenAccess({ tokens: clients.tokens, webUrl });
  const { identity } = clients;
  const redact = createRedaction(secretsOf(env));
  const ownLinks = ownPages(webUrl);
  const { auditFileBytes: bytesMax, auditFiles: filesMax } = limits.disk;
  const auditLog = openAuditLog({
    dir: join(resolve(env.dataDir), "audit-log"),
    bytesMax,
    filesMax,
    clock,
    log,
  });
  const openForge = createOpenForge({ clients, webUrl });
  return {
    clock,
    log,
    auditLog,
    telemetry,
    random,
    disk: openFolderDisk(resolve(env.dataDir)),
    identity,
    model: openModel(await reachOf(env.provider)),
    ...shared,
    inbox: openInbox(env, log),
    ...offices(env, clients),
    openForge: auditForges(
      guardForges(openForge, (text) => redact(ownLinks(text))),
      auditLog,
    ),
    repositories: () => reachableRepositories(clients, serves(env.repositories), log),
    openRemote: auditRemotes(
      async (ref) => openGitRemote(accessTo(ref), { sleep: clock.sleep, random }),
      auditLog,
    ),
  };
}

/** The queue of this process, or what several share where the operator named a database for it. */
async function openShared(
  { queueUrl: url }: Env,
  log: Log,
): Promise<Pick<World, "queue" | "fleet">> {
  const common = { limits: queueLimits, clock: systemClock, log };
  if (url === null) return { queue: createEmbeddedQueue(common), fleet: null };
  const bull = await openBull({ url, log });
  const fleet = createBullFleet({
    ...common,
    bull,
    againMs: limits.fleet.letterMs,
    random: Math.random,
  });
  return { queue: createBullQueue({ ...common, bull }), fleet };
}

/** What the doctor asks of the outside. Nobody is asked for anything yet, and a way to Claude is not needed for the rest. */
export function openOffices(env: Env, log: Log): Offices {
  const { appId, privateKey, githubApiUrl: apiUrl } = env;
  return offices(
    env,
    openClients({ board: null, appId, privateKey, apiUrl, clock: systemClock, log }),
  );
}

type Offices = Pick<World, "registration" | "deliveries" | "checkModel">;

function offices({ provider }: Env, { app }: Clients): Offices {
  return {
    registration: createRegistration(app),
    deliveries: createDeliveries(app),
    checkModel: createModelCheck(() => reachOf(provider)),
  };
}

/** What this process holds and nobody may read. */
export function secretsOf(env: Env): string[] {
  const { privateKey, webhookSecret, checkpointKeys, provider, queueUrl } = env;
  const apiKey = provider.kind === "vertex" ? null : provider.apiKey;
  const queuePassword = queueUrl === null ? null : passwordIn(queueUrl);
  return [privateKey, webhookSecret, ...checkpointKeys, apiKey, queuePassword].filter(
    (secret) => secret !== null,
  );
}

/** Null: it has none. */
const passwordIn = (url: string): string | null =>
  decodeURIComponent(new URL(url).password) || null;

/** A GitHub out of reach must not keep the bot from what it has on its own disk. */
async function* reachableRepositories(
  clients: Clients,
  isServed: Serves,
  log: Log,
): AsyncGenerator<RepositoryRef> {
  try {
    for await (const ref of installedRepositories(clients)) if (isServed(ref)) yield ref;
  } catch (error) {
    const consequence =
      "GitHub did not list this App's repositories. Runs another machine left behind are taken up at the next start.";
    log.warn({ err: error }, consequence);
  }
}

function openInbox({ dataDir }: Env, log: Log) {
  const { inboxLetters: lettersMax, inboxBytes: bytesMax } = limits.web;
  return openFolderInbox({ dir: join(resolve(dataDir), "inbox"), lettersMax, bytesMax, log });
}

function reachOf(provider: Provider): Promise<Reach> | Reach {
  switch (provider.kind) {
    case "anthropic":
      return reachAnthropic(provider);
    case "bedrock":
      return reachBedrock(provider);
    case "vertex":
      return reachVertex(provider);
  }
}

function openModel(reach: Reach) {
  return createClaude({
    reach,
    prices: priceOf,
    compactedAt,
    thinksWhenAsked,
    clock: systemClock,
    idleMs: limits.agent.idleMs,
  });
}
