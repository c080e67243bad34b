// Runs one hostile script as production would, and watches what it does to this process and to the machine.

import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import {
  BudgetSpent,
  SandboxFault,
  type SandboxLimit,
  ScriptError,
} from "../../src/engine/errors.ts";
import type { Json } from "../../src/engine/json.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { defaultSandboxLimits, type SandboxLimits } from "../../src/engine/sandbox/limits.ts";
import { checkScript } from "../../src/script/check.ts";
import { createWorld, type Perform, type World } from "./world.ts";

const META = "export const meta = { name: 'hostile', description: 'An attack' }\n";

/** Production's limits, but for times a test can wait for where a time is what ends the script. */
function limitsFor(awaited: readonly string[]): SandboxLimits {
  return {
    ...defaultSandboxLimits,
    ...(awaited.includes("wall_limit") ? { silenceMs: 5_000 } : {}),
    ...(awaited.includes("cpu_limit") ? { stretchCpuMs: 500 } : {}),
  };
}

export interface HostileEnd {
  /** `refused` before it ran, `returned`, `script_error`, or the limit that ended it. */
  status: string;
  value: Json;
  message: string;
  world: World;
  /** Longest stretch of computing of this process between two turns of its event loop. */
  blockedMs: number;
  /** Most memory any child had, in MiB; null where the system does not tell. */
  childMib: number | null;
  processesLeft: number;
}

const statuses: Record<SandboxLimit, string> = {
  cpu: "cpu_limit",
  wall: "wall_limit",
  memory: "memory_limit",
  stack: "stack_limit",
  jobs: "job_limit",
  size: "size_limit",
  deadlock: "deadlock",
  crash: "sandbox_crash",
};

/** Checks the script, runs it in a child process from the production launch line, and tells how that went. */
export async function runHostile(
  script: string,
  { perform, awaited = [] }: { perform?: Perform; awaited?: readonly string[] } = {},
): Promise<HostileEnd> {
  const source = META + script;
  const world = createWorld(perform);
  const checked = checkScript(source);
  if (!checked.ok) {
    const message = checked.problems.map((problem) => problem.message).join("\n");
    return { ...untouched, status: "refused", message, world };
  }
  const watch = watchProcess();
  const end = await endOf(world, source, limitsFor(awaited));
  return { ...end, world, ...(await watch.stop()) };
}

const untouched = { value: null, message: "", blockedMs: 0, childMib: null, processesLeft: 0 };

async function endOf(world: World, source: string, limits: SandboxLimits) {
  try {
    const value = await world.run(source, {
      openSandbox: () => openChildSandbox(limits),
      findWorkflow: async () => ({ name: "self", source }),
    });
    return { status: "returned", value, message: "" };
  } catch (error) {
    return { status: statusOf(error), value: null, message: String(error) };
  }
}

function statusOf(error: unknown): string {
  if (error instanceof ScriptError) return "script_error";
  if (error instanceof BudgetSpent) return "budget_spent";
  if (error instanceof SandboxFault) return statuses[error.limit];
  throw error;
}

function watchProcess() {
  let blockedMs = 0;
  let childMib: number | null = null;
  let lastMs = cpuMs();
  const over = new AbortController();
  const turning = setInterval(() => {
    blockedMs = Math.max(blockedMs, cpuMs() - lastMs);
    lastMs = cpuMs();
  }, 1);
  const sampling = (async () => {
    while (!over.signal.aborted) {
      const mib = await largestChildMib();
      if (mib !== null) childMib = Math.max(childMib ?? 0, mib);
      await sleep(20);
    }
  })();
  return {
    async stop() {
      over.abort();
      clearInterval(turning);
      await sampling;
      const processesLeft = process
        .getActiveResourcesInfo()
        .filter((resource) => resource === "ProcessWrap").length;
      return { blockedMs, childMib, processesLeft };
    },
  };
}

// Of this thread: a busy machine is nobody's fault.
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const BYTES_IN_MIB = 1024 * 1024;
const PAGE_BYTES = 4_096;

async function largestChildMib(): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const sizes = [0];
  for (const pid of await childPids()) {
    const [, resident = "0"] = (await text(`/proc/${pid}/statm`)).split(" ");
    sizes.push((Number(resident) * PAGE_BYTES) / BYTES_IN_MIB);
  }
  return Math.max(...sizes);
}

/** Of this process's children, where the system is Linux; else none. */
export async function childPids(): Promise<string[]> {
  const tasks = await readdir("/proc/self/task").catch(() => []);
  const lists = await Promise.all(tasks.map((task) => text(`/proc/self/task/${task}/children`)));
  return lists.flatMap((list) => list.split(" ").filter((word) => word !== ""));
}

async function text(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}
