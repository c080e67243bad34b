// The rules of repositories as production has them: settings from GitHub, switches on this disk, the operator's word.

import { resolve } from "node:path";

import type { Env } from "./config/env.ts";
import { openRules, type Rules } from "./settings/rules.ts";
import { openSwitches } from "./settings/switches.ts";
import type { World } from "./world.ts";

/** Opens the rules on a world; nothing is read yet. */
export function openRulesOf({ openForge }: World, env: Env): Rules {
  const { disableWorkflows, approval } = env;
  return openRules({
    openForge,
    operator: { disableWorkflows, approval },
    switches: openSwitches(resolve(env.dataDir)),
  });
}
