// A desk on which nothing lies yet.

import type { Desk } from "./driver.ts";
import type { House } from "./house.ts";
import { openWatch } from "./lease.ts";

export const emptyDesk = (house: House): Desk => ({
  house,
  runs: new Map(),
  cancelling: new Map(),
  failures: new Map(),
  complained: new Set(),
  watch: openWatch(house.world.clock),
  closing: new AbortController(),
  driving: new Set(),
  elsewhere: new Set(),
  handed: new Set(),
  views: new Set(),
  seen: new Map(),
  over: new Map(),
  queued: new Map(),
  unreadable: new Map(),
});
