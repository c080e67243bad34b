// The bot's process with several runs in hand: all of production but the front door, on a GitHub and a model elsewhere.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";

import type { Model } from "../../src/agent/model.ts";
import { readEnv } from "../../src/config/env.ts";
import { openDesk } from "../../src/open-desk.ts";
import { openWorld } from "../../src/open-world.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import type { RunDeskHandle } from "../../src/runs/desk.ts";
import { isEnded } from "../../src/runs/record.ts";
import { agentsIn } from "../../src/runs/view.ts";
import { peakMb } from "../engine/memory.ts";
import type { CrowdResult } from "./result.ts";
import { type CrowdPlace, CrowdTask } from "./task.ts";
import { unwatched } from "../../src/world/telemetry.ts";

const RESOLUTION_MS = 10;
const LOOK_EVERY_MS = 100;

const { env, sizes, places } = CrowdTask.parse(JSON.parse(process.argv[2] ?? "null"));
const dir = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function measure(): Promise<CrowdResult> {
  const counted = { turns: 0 };
  const { desk, start } = await open(counted);
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const cpu = process.cpuUsage();
  const began = performance.now();
  delays.enable();
  for (const place of places) await start(place);
  while (desk.runs().some((run) => !isEnded(run.record().status) || !run.record().endTold)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  delays.disable();
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  const records = desk.runs().map((run) => run.record());
  const agents = desk.runs().flatMap((run) => agentsIn(run.view)).length;
  await desk.close(60_000);
  // What is measured is the time between two timers, which are so far apart when nothing is late.
  const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return {
    crowd: {
      runs: sizes.runs,
      agents,
      turns: counted.turns,
      completed: records.filter(({ status }) => status === "completed").length,
      seconds,
      peakMb: peakMb(),
      cpuSecondsPer1000Turns: (used.user + used.system) / 1e6 / (counted.turns / 1000),
      loopDelayP50Ms: late(delays.percentile(50)),
      loopDelayP99Ms: late(delays.percentile(99)),
      loopDelayMostMs: late(delays.max),
    },
  };
}

async function open(counted: {
  turns: number;
}): Promise<{ desk: RunDeskHandle; start: (place: CrowdPlace) => Promise<void> }> {
  const log = createMemoryLog();
  const read = readEnv({ ...env, FANFOLD_DATA: dir, FANFOLD_MODEL: "fanfold-demo" });
  const opened = await openWorld(read, { log, telemetry: unwatched });
  const model: Model = {
    turn: async (...asked) => {
      const turn = await opened.model.turn(...asked);
      counted.turns += 1;
      return turn;
    },
  };
  const queue = createEmbeddedQueue({
    limits: {
      atOnce: sizes.runs,
      guests: 0,
      perRepository: sizes.runs,
      perInstallation: sizes.runs,
    },
    clock: opened.clock,
    log,
  });
  const world = { ...opened, model, queue };
  const { desk } = openDesk(world, read);
  await desk.open();
  const start = async (place: CrowdPlace): Promise<void> => {
    const { repository, thread, commentId, requester } = place;
    await desk.start({
      repository,
      thread,
      isPullRequest: false,
      key: String(commentId),
      said: { kind: "comment", id: commentId },
      place: null,
      requester,
      line: "/workflow crowd",
      words: ["crowd"],
      task: "crowd",
      flags: { budgetUsd: null, maxAgents: null, base: null, hours: null },
      notes: [],
      waitsForApproval: false,
    });
  };
  return { desk, start };
}
