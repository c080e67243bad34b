// The rules of repositories as production has them: settings from GitHub, switches on this disk, the operator's word.

import type { Env } from "./config/env.ts";
import { openRules, type Rules } from "./settings/rules.ts";
import { openSwitches } from "./settings/switches.ts";
import type { World } from "./world.ts";

/** Opens the rules on a world; nothing is read yet. */
export function openRulesOf({ openForge, disk }: World, env: Env): Rules {
  const { disableWorkflows, approval } = env;
  return openRules({
    openForge,
    operator: { disableWorkflows, approval },
    switches: openSwitches(disk),
  });
}
