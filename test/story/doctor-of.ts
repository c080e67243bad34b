// A doctor for a world in memory, on a machine where everything is well.

import { createDoctor, type Doctor } from "../../src/doctor/examine.ts";
import type { Machine } from "../../src/doctor/machine.ts";
import { concealingAll } from "../../src/open-doctor.ts";
import type { MemoryWorld } from "../../src/outside/memory/world.ts";

export const wellMachine: Machine = {
  node: "24.1.0",
  gitVersion: async () => "git version 2.47.1",
  dataFolder: async (dir) => ({ kind: "there", dir, mode: 0o700, freeBytes: 2 ** 40 }),
  trySandbox: async () => ({ gave: '[42,"undefined","undefined"]', hasNetwork: false }),
};

export const wellEnv = {
  webhookPath: "/api/github/webhooks",
  githubApiUrl: "https://api.github.com",
  model: "sonnet",
  dataDir: "/srv/fanfold",
};

export function doctorOf(
  world: MemoryWorld,
  machine: Machine = wellMachine,
  secrets: Readonly<Record<string, string>> = {},
): Doctor {
  return createDoctor({ world, env: wellEnv, machine, conceal: concealingAll(secrets, null) });
}
