// A whole world in memory, with git on the disk: what stories and the simulation run on.

import { join } from "node:path";

import type { Model } from "../../agent/model.ts";
import type { World } from "../../world.ts";
import type { RepositoryRef } from "../../world/forge.ts";
import { createMemoryAuditLog, type MemoryAuditLog } from "./audit-log.ts";
import { createManualClock, type ManualClock } from "./clock.ts";
import { createMemoryDisk } from "./disk.ts";
import { createMemoryDeliveries, type MemoryDeliveries } from "./deliveries.ts";
import { type BeforeAsking, createMemoryGitHub, type MemoryGitHub } from "./forge.ts";
import { openGitHome } from "./git-home.ts";
import { commitFiles, gitText } from "./git.ts";
import { createMemoryInbox } from "./inbox.ts";
import { createMemoryLog, type MemoryLog } from "./log.ts";
import { createMemoryQueue, type MemoryQueue } from "./queue.ts";
import { createMemoryRegistration, type MemoryRegistration } from "./registration.ts";
import { openPathRemote } from "./remote.ts";
import type { GitHubState } from "./state.ts";
import { createMemoryTelemetry, type MemoryTelemetry } from "./telemetry.ts";

export interface MemoryWorld extends World {
  clock: ManualClock;
  log: MemoryLog;
  auditLog: MemoryAuditLog;
  telemetry: MemoryTelemetry;
  queue: MemoryQueue;
  deliveries: MemoryDeliveries;
  registration: MemoryRegistration;
  github: MemoryGitHub;
  ref: RepositoryRef;
  /** The bare repository behind it; whoever pushes to it has pushed to this GitHub. */
  gitDir: string;
}

export interface MemoryWorldOptions {
  /** An empty folder, absolute; the caller removes it. */
  dir: string;
  model: Model;
  /** The first commit on `main`, text by path; none makes an empty repository. */
  files?: Readonly<Record<string, string>>;
  people?: GitHubState["people"];
  before?: BeforeAsking;
}

const ref: RepositoryRef = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };

/** Opens the world; nothing in it reaches beyond `dir`. */
export async function openMemoryWorld(options: MemoryWorldOptions): Promise<MemoryWorld> {
  const { dir, model, files = {}, people, before } = options;
  const gitDir = join(dir, "remote.git");
  await createRemote(gitDir, files);
  const github = createMemoryGitHub({
    ref,
    home: openGitHome(gitDir),
    ...(people === undefined ? {} : { people }),
    ...(before === undefined ? {} : { before }),
  });
  const remote = openPathRemote(gitDir);
  const clock = createManualClock();
  return {
    clock,
    log: createMemoryLog(),
    auditLog: createMemoryAuditLog(),
    telemetry: createMemoryTelemetry(),
    random: () => 0.5,
    disk: createMemoryDisk(),
    queue: createMemoryQueue(clock),
    fleet: null,
    inbox: createMemoryInbox({ lettersMax: 1000 }),
    deliveries: createMemoryDeliveries(clock),
    registration: createMemoryRegistration(clock),
    checkModel: async () => ({ kind: "there" }),
    model,
    github,
    ref,
    gitDir,
    openForge: github.openForge,
    async *repositories() {
      yield ref;
    },
    openRemote: () => Promise.resolve(remote),
  };
}

/** Makes a bare repository with `files` as the first commit of `main`. */
async function createRemote(
  gitDir: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await gitText(gitDir, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  if (Object.keys(files).length === 0) return;
  await commitFiles(gitDir, { branch: "main", from: null, message: "Begin", files });
}
