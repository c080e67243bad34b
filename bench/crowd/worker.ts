// The bot's process with several runs in hand: production's desk, agents and sandboxes on a GitHub in memory.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { runAgent } from "../../src/agent/loop.ts";
import type { Model } from "../../src/agent/model.ts";
import { createEarlySandboxes } from "../../src/engine/sandbox/early-sandboxes.ts";
import { createClaude } from "../../src/outside/claude/claude.ts";
import { reachAnthropic } from "../../src/outside/claude/reach.ts";
import { openMemoryWorld } from "../../src/outside/memory/world.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { createRunDesk, type RunDeskHandle } from "../../src/runs/desk.ts";
import { openHouse } from "../../src/runs/house.ts";
import { isEnded } from "../../src/runs/record.ts";
import { agentsIn } from "../../src/runs/view.ts";
import { noOperator } from "../../src/settings/effective.ts";
import { openRules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import { peakMb } from "../engine/memory.ts";
import { quickClock } from "./quick-clock.ts";
import type { CrowdResult } from "./result.ts";
import { CrowdSizes } from "./sizes.ts";

const SPEED = 60;
const RESOLUTION_MS = 10;
const LOOK_EVERY_MS = 100;

const SCRIPT = `export const meta = { name: 'crowd', description: 'One writer and one reviewer a file' }
const files = await repo.files('src/*.js')
const made = await pipeline(
  files,
  (path) => change('Fix ' + path + ': replace the deprecated substr. Touch no other file.', { label: path }),
  async (one) => one !== null && (await review(one, { lenses: ['correctness'] })).verdict === 'accepted' ? one : null,
)
return (await combine(made.filter(Boolean))).combined.length
`;

const sourceOf = (index: number): string =>
  `${Array.from({ length: 60 }, (_, line) => `// Line ${line} of part ${index}.`).join("\n")}\n` +
  `export const part${index} = (text) => text.substr(${index}, 1);\n`;

const { modelUrl, ...sizes } = CrowdSizes.extend({ modelUrl: z.url() }).parse(
  JSON.parse(process.argv[2] ?? "null"),
);
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
  for (let run = 0; run < sizes.runs; run += 1) await start(run);
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
}): Promise<{ desk: RunDeskHandle; start: (run: number) => Promise<void> }> {
  const clock = quickClock(SPEED);
  const claude = createClaude({
    reach: reachAnthropic({ apiKey: "bench", baseUrl: modelUrl }),
    prices: () => null,
    clock,
    idleMs: 600_000,
  });
  const model: Model = {
    turn: async (...asked) => {
      const turn = await claude.turn(...asked);
      counted.turns += 1;
      return turn;
    },
  };
  const files = Object.fromEntries(
    Array.from({ length: sizes.writers }, (_, index) => [`src/part${index}.js`, sourceOf(index)]),
  );
  const ada = { id: 1, login: "ada" };
  const memory = await openMemoryWorld({
    dir,
    model,
    files: { ...files, ".claude/workflows/crowd.js": SCRIPT },
    people: new Map([["ada", { id: ada.id, role: "write" }]]),
  });
  const queue = createEmbeddedQueue({ concurrency: sizes.runs, clock, log: memory.log });
  const world = { ...memory, clock, queue };
  const rules = openRules({
    openForge: world.openForge,
    operator: noOperator,
    switches: openSwitches(join(dir, "switches")),
  });
  const settings = {
    dataDir: join(dir, "data"),
    checkpointSecret: "a secret for a benchmark, long enough to be one",
    workflowsDir: fileURLToPath(new URL("../../workflows", import.meta.url)),
    chooseModel: () => ({ id: "fanfold-demo", effort: null, isPriced: true }),
    scriptMs: 24 * 60 * 60_000,
    dayBudgetUsd: null,
    mirrorsBytesMax: 1e9,
    author: { name: "Fanfold", email: "fanfold@example.invalid" },
  };
  const sandboxes = createEarlySandboxes();
  const desk = createRunDesk(openHouse(world, settings, { sandboxes, runAgent, rules }));
  await desk.open();
  const start = async (): Promise<void> => {
    const thread = memory.github.openIssue("Make it better", ada.login);
    const commentId = memory.github.say(thread, ada.login, "/workflow crowd");
    await desk.start({
      repository: memory.ref,
      thread,
      isPullRequest: false,
      commentId,
      requester: ada,
      words: ["crowd"],
      task: "crowd",
      flags: { budgetUsd: null, maxAgents: null, base: null },
      notes: [],
      waitsForApproval: false,
    });
  };
  return { desk, start };
}
