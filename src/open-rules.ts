// The rules of repositories as production has them: settings and switches from GitHub, the operator's word.

import type { Env } from "./config/env.ts";
import type { House } from "./runs/house.ts";
import { openSharedSwitches } from "./runs/shared-switches.ts";
import { openRules, type Rules } from "./settings/rules.ts";
import { openSwitches } from "./settings/switches.ts";

/** Opens the rules of a house; nothing is read yet. */
export function openRulesOf(house: House, env: Env): Rules {
  const { openForge, disk } = house.world;
  const { disableWorkflows, approval } = env;
  return openRules({
    openForge,
    operator: { disableWorkflows, approval },
    switches: openSharedSwitches(house, openSwitches(disk)),
  });
}
