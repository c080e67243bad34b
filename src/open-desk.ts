// The desk of runs as production has it: settings from the environment, the engine in a child process, real agents.

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { runAgent } from "./agent/loop.ts";
import { checkpointKeys } from "./config/checkpoint-keys.ts";
import type { Env } from "./config/env.ts";
import { limits } from "./config/limits.ts";
import { choose } from "./config/models.ts";
import { createEarlySandboxes } from "./engine/sandbox/early-sandboxes.ts";
import { openMigrations } from "./migrations/ledger.ts";
import { openRulesOf } from "./open-rules.ts";
import { createRunDesk, type RunDeskHandle } from "./runs/desk.ts";
import { type House, openHouse } from "./runs/house.ts";
import { openMirrorFolders } from "./runs/mirror-folders.ts";
import type { World } from "./world.ts";

/** Commits of workers are replaced by commits that GitHub signs; the address belongs to nobody, so nobody is credited. */
const author = { name: "Fanfold", email: "noreply@fanfold.invalid" };

/** Opens the desk on a world. Nothing is read or driven before its own `open`. */
export function openDesk(world: World, env: Env): { house: House; desk: RunDeskHandle } {
  const settings = {
    checkpointSecret: checkpointKeys(env.checkpointKeys, env.privateKey),
    workflowsDir: fileURLToPath(new URL("../workflows", import.meta.url)),
    chooseModel: ({ model, effort }: Parameters<ChooseModel>[0]) =>
      choose(model ?? env.model, effort),
    scriptMs: limits.run.scriptMs,
    leaseMs: env.leaseMs,
    dayBudgetUsd: env.dayBudgetUsd,
    author,
  };
  const sandboxes = createEarlySandboxes();
  const mirrors = openMirrorFolders({
    root: join(resolve(env.dataDir), "mirrors"),
    bytesMax: env.mirrorsGb * 1e9,
    clock: world.clock,
  });
  const openRules = (house: House) => openRulesOf(house, env);
  const engine = { sandboxes, runAgent, mirrors, openRules, openMigrations };
  const house = openHouse(world, settings, engine);
  return { house, desk: createRunDesk(house) };
}

type ChooseModel = Parameters<typeof openHouse>[1]["chooseModel"];
