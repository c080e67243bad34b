// The benchmark of the queue works and reports what machines expect; at this size its figures mean little.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { QueueResult } from "../../bench/queue/result.ts";
import { isRedisLeftOut } from "../servers/redis.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

it.skipIf(isRedisLeftOut())(
  "The benchmark of the queue drives runs, kills a worker and prints one JSON object",
  { timeout: 300_000 },
  async () => {
    const asked = [main, "queue", "--quick", "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, asked);
    const { queue } = QueueResult.parse(JSON.parse(stdout));
    expect(queue.firstAgent[0]).toMatchObject({ engine: "embedded", commands: 1 });
    expect(queue.rate).toMatchObject([{ workers: 1, runs: 1, agents: 2 }]);
    expect(queue.rate[0]?.runsPerMinute).toBeGreaterThan(0);
    expect(queue.recovery.kills).toBe(1);
    expect(queue.recovery.goesOnMs.most).toBeGreaterThan(queue.recovery.handedMs.most);
  },
);
