// The house of a process of the bot on git in memory: without a command of git, weeks pass in a moment.

import { fileURLToPath } from "node:url";

import { runAgent } from "../../src/agent/loop.ts";
import type { Model } from "../../src/agent/model.ts";
import { limits } from "../../src/config/limits.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import type { MemoryGitHub } from "../../src/outside/memory/forge.ts";
import type { ManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryAuditLog } from "../../src/outside/memory/audit-log.ts";
import { createMemoryDeliveries } from "../../src/outside/memory/deliveries.ts";
import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryInbox } from "../../src/outside/memory/inbox.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import { createMemoryRegistration } from "../../src/outside/memory/registration.ts";
import { createMemoryTelemetry } from "../../src/outside/memory/telemetry.ts";
import { type House, openHouse } from "../../src/runs/house.ts";
import type { Secret } from "../../src/runs/seal.ts";
import { noOperator } from "../../src/settings/effective.ts";
import { openRules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import type { Hub } from "../simulation/git/hub.ts";
import { type Line, openMemoryMirror } from "../simulation/git/mirror.ts";
import { Objects } from "../simulation/git/objects.ts";

export interface Around {
  clock: ManualClock;
  hub: Hub;
  github: MemoryGitHub;
  ref: RepositoryRef;
  /** Left out: no agent is asked. */
  model?: Model;
  queue?: ReturnType<typeof createMemoryQueue>;
  /** What is sealed is sealed with; left out: the same each time. */
  secret?: Secret;
}

export const SECRET = "a-secret-for-tests-long-enough-to-be-one";

const never = (): Promise<never> => Promise.reject(new Error("Nothing asks for this here."));

/** With a disk and objects of its own. */
export function openMemoryHouse(around: Around): House {
  const { clock, hub, github, ref, model = { turn: never } } = around;
  const { queue = createMemoryQueue(clock), secret = SECRET } = around;
  const objects = new Objects();
  const disk = createMemoryDisk();
  const { openForge } = github;
  return openHouse(
    {
      clock,
      log: createMemoryLog(),
      auditLog: createMemoryAuditLog(),
      disk,
      random: () => 0.5,
      telemetry: createMemoryTelemetry(),
      fleet: null,
      queue,
      inbox: createMemoryInbox({ lettersMax: 100 }),
      deliveries: createMemoryDeliveries(clock),
      registration: createMemoryRegistration(clock),
      model,
      checkModel: async () => ({ kind: "there" }),
      openForge,
      async *repositories() {
        yield ref;
      },
      openRemote: async () => ({ list: never, fetch: never, push: never }),
    },
    {
      checkpointSecret: secret,
      workflowsDir: fileURLToPath(new URL("../../workflows", import.meta.url)),
      chooseModel: () => ({ id: "scripted", effort: null, effortRefused: null, isPriced: true }),
      scriptMs: limits.run.scriptMs,
      leaseMs: limits.run.leaseMs,
      dayBudgetUsd: null,
      author: { name: "Fanfold", email: "fanfold@example.invalid" },
    },
    {
      sandboxes: {
        open: () => openInProcessSandbox(),
        prepare: () => {},
        [Symbol.asyncDispose]: async () => {},
      },
      runAgent,
      openRules: () => openRules({ openForge, operator: noOperator, switches: openSwitches(disk) }),
      mirrors: {
        open: async () => openMemoryMirror(objects, lineOf(hub, objects)),
        prune: async () => [],
      },
      openMigrations,
    },
  );
}

export function lineOf(hub: Hub, objects: Objects): Line {
  return {
    list: async (prefix) => hub.list(prefix),
    fetch: async (source) => {
      const oid = source.startsWith("refs/") ? hub.refs.get(source) : source;
      if (oid === undefined || !hub.objects.has(oid)) return null;
      objects.take(hub.objects, oid);
      return oid;
    },
    push: async (updates) => hub.push(objects, updates),
  };
}
