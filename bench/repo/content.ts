// A whole run with many writers against a local GitHub, by production's clients: how much content does it create there?

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runAgent } from "../../src/agent/loop.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { createsContent } from "../../src/local/github/content-limits.ts";
import { publishedLimits } from "../../src/local/github/published-limits.ts";
import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import { createOpenForge } from "../../src/outside/github/forge.ts";
import { openClients } from "../../src/outside/github/octokit.ts";
import { createOpenAccess } from "../../src/outside/github/remote.ts";
import { openFolderDisk } from "../../src/outside/disk.ts";
import { openMemoryWorld } from "../../src/outside/memory/world.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { createRunDesk, type RunDeskHandle } from "../../src/runs/desk.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import { type House, openHouse } from "../../src/runs/house.ts";
import { openMirrorFolders } from "../../src/runs/mirror-folders.ts";
import { openSharedSwitches } from "../../src/runs/shared-switches.ts";
import { noOperator } from "../../src/settings/effective.ts";
import { openRules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import type { World } from "../../src/world.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import { contentFiles, contentModel } from "./content-agents.ts";
import type { RepoTask, RepoTaskResult } from "./task.ts";

const NAME = { owner: "octo", name: "sample" };
/** The clock of the run moves so much faster than real time: nothing here waits for GitHub's pace. */
const SPEED = 100;

/** `counts` has the requests that created content, by the number of writers. */
export async function measureContent({
  place,
  writers,
}: Extract<RepoTask, { kind: "content" }>): Promise<RepoTaskResult> {
  const counts: Record<string, number> = {};
  const ms: number[] = [];
  for (const count of writers) {
    const beganMs = performance.now();
    counts[String(count)] = await contentOf(join(place.folder, `content-${count}`), count);
    ms.push(performance.now() - beganMs);
  }
  return { ms, counts };
}

async function contentOf(folder: string, writers: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  let created = 0;
  const memory = await openMemoryWorld({
    dir: folder,
    model: contentModel(),
    files: contentFiles(writers),
  });
  const github = await startLocalGitHub({
    dataDir: join(folder, "github"),
    ...publishedLimits,
    now: memory.clock.now,
    app: { id: 1, slug: "fanfold", webhookSecret: "bench" },
    onExchange: ({ request: { method, path }, response }) => {
      if (response.status < 300 && createsContent(`${method} ${path}`)) created += 1;
    },
  });
  try {
    const { ref, issue } = await populate(github, memory.gitDir);
    const world = servedBy(github, { memory, ref });
    const desk = openDesk(world, folder);
    await desk.open();
    const { id } = await github.comment(NAME, issue, { as: "ada", body: "/workflow count-up" });
    await desk.start(request({ ref, issue, comment: id }));
    await memory.clock.during(memory.queue.idle(), SPEED);
    mustBeWhole(desk);
    await memory.clock.during(desk.close(60_000), SPEED);
    return created;
  } finally {
    await github.close();
  }
}

async function populate(
  github: LocalGitHub,
  source: string,
): Promise<{ ref: RepositoryRef; issue: number }> {
  await github.createUser({ login: "ada" });
  const { id, installationId } = await github.createRepository(NAME);
  await github.setRole(NAME, "ada", "write");
  await github.importRepository(NAME, source);
  const { number } = await github.createIssue(NAME, { as: "ada", title: "Count up", body: "" });
  return { ref: { ...NAME, repositoryId: id, installationId }, issue: number };
}

/** The world in memory with production's way to GitHub. */
function servedBy(
  { url, app }: LocalGitHub,
  { memory, ref }: { memory: World; ref: RepositoryRef },
): World {
  const { clock, log } = memory;
  const clients = openClients({
    board: null,
    appId: app.id,
    privateKey: app.privateKey,
    apiUrl: url,
    clock,
    log,
  });
  const accessTo = createOpenAccess({ tokens: clients.tokens, webUrl: url });
  return {
    ...memory,
    openForge: createOpenForge({ clients, webUrl: url }),
    openRemote: async (repository) =>
      openGitRemote(accessTo(repository), { sleep: clock.sleep, random: Math.random }),
    async *repositories() {
      yield ref;
    },
  };
}

function openDesk(world: World, folder: string): RunDeskHandle {
  const disk = openFolderDisk(join(folder, "data"));
  const { openForge } = world;
  const rulesOf = (house: House) =>
    openRules({
      openForge,
      operator: noOperator,
      switches: openSharedSwitches(house, openSwitches(disk)),
    });
  const sandboxes = {
    open: () => openInProcessSandbox(),
    prepare: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const settings = {
    checkpointSecret: "a secret for a benchmark, long enough to be one",
    workflowsDir: fileURLToPath(new URL("../../workflows", import.meta.url)),
    chooseModel: () => ({ id: "scripted", effort: null, effortRefused: null, isPriced: true }),
    scriptMs: 24 * 60 * 60_000,
    leaseMs: 5 * 60_000,
    dayBudgetUsd: null,
    author: { name: "Fanfold", email: "fanfold@example.invalid" },
  };
  const mirrors = openMirrorFolders({
    root: join(folder, "data", "mirrors"),
    bytesMax: 1e9,
    clock: world.clock,
  });
  const parts = { sandboxes, runAgent, openRules: rulesOf, mirrors, openMigrations };
  return createRunDesk(openHouse({ ...world, disk }, settings, parts));
}

function request(given: { ref: RepositoryRef; issue: number; comment: number }) {
  return {
    repository: given.ref,
    thread: given.issue,
    isPullRequest: false,
    key: String(given.comment),
    said: { kind: "comment" as const, id: given.comment },
    place: null,
    requester: { id: 1, login: "ada" },
    line: "/workflow count-up",
    words: ["count-up"],
    task: "count-up",
    flags: { budgetUsd: null, maxAgents: null, base: null, hours: null },
    notes: [],
    waitsForApproval: false,
  };
}

/** A run that failed creates little, and would pass for a good one. */
function mustBeWhole(desk: RunDeskHandle): void {
  const record = desk.runs()[0]?.record();
  if (record?.status === "completed" && record.finalPull !== null) return;
  throw new Error(`The run ended ${record?.status}: ${record?.statusDetail}`);
}
