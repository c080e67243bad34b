// A process that takes the lock at the given path and keeps it until it is told to release it.

import { setTimeout as sleep } from "node:timers/promises";

import { withLock } from "../../src/repo/lock.ts";

const [, , path = ""] = process.argv;
await withLock({ path, clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) } }, async () => {
  process.send?.("taken");
  await new Promise((resolve) => process.once("message", resolve));
});
process.disconnect();
