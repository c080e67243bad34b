// Workers that are killed, and workers that were frozen and wake up, as processes.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type LossTimes, openBull, usualLossTimes } from "../../src/outside/queue/bull.ts";
import { createBullQueue } from "../../src/outside/queue/bull-queue.ts";
import type { Queue } from "../../src/world/queue.ts";
import { wakeOf } from "../contracts/queue.contract.ts";
import type { Server } from "../servers/machine.ts";
import { isRedisLeftOut, startRedis } from "../servers/redis.ts";

const DRIVER = fileURLToPath(new URL("../servers/driver.ts", import.meta.url));
const soon: LossTimes = { lockMs: 800, renewMs: 200, lookMs: 200 };
const limits = { atOnce: 20, guests: 0, perRepository: 20, perInstallation: 20 };

describe.skipIf(isRedisLeftOut())("a worker that is lost", () => {
  let redis: Server;
  let spaces = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  async function openHere(space: string, times: LossTimes): Promise<Queue & AsyncDisposable> {
    const log = createMemoryLog();
    const bull = await openBull({ url: redis.url, log, times, space });
    const queue = createBullQueue({ bull, limits, clock: systemClock, log });
    return Object.assign(queue, { [Symbol.asyncDispose]: () => queue.close(500) });
  }

  it("has its run driven by another one within fifteen seconds after SIGKILL", async () => {
    const space = `space_${spaces++}`;
    await using here = await openHere(space, usualLossTimes);
    const there = await startDriver(redis.url, space, "usual");
    await here.add(wakeOf("run-a"));
    await there.heard("drives");
    const taken = Promise.withResolvers<void>();
    here.start(async () => {
      taken.resolve();
      return null;
    });
    const killedAt = performance.now();
    there.child.kill("SIGKILL");
    await taken.promise;
    expect(performance.now() - killedAt).toBeLessThan(15_000);
  });

  it("does not act when it was frozen, and wakes up after its run was handed to another one", async () => {
    const space = `space_${spaces++}`;
    await using here = await openHere(space, soon);
    const there = await startDriver(redis.url, space, "soon");
    try {
      await here.add(wakeOf("run-a"));
      await there.heard("drives");
      there.child.stdin.write("?\n");
      await there.heard("acts");
      there.child.kill("SIGSTOP");
      const taken = Promise.withResolvers<void>();
      here.start(async () => {
        taken.resolve();
        return await new Promise<never>(() => {});
      });
      await taken.promise;
      // It lies before it when it wakes.
      there.child.stdin.write("?\n");
      there.child.kill("SIGCONT");
      await vi.waitFor(() => expect(there.lines).toHaveLength(3), { timeout: 60_000 });
      expect(there.lines).toEqual(["drives", "acts", "is silent: LockLost"]);
    } finally {
      there.child.kill("SIGKILL");
    }
  });

  it("may be lost ten times with the same run", async () => {
    const space = `space_${spaces++}`;
    // Nobody renews in time: each driver is lost as if it were frozen for ever.
    const never: LossTimes = { lockMs: 300, renewMs: 60_000, lookMs: 100 };
    await using here = await openHere(space, never);
    let drives = 0;
    here.start(async () => {
      drives += 1;
      return drives > 10 ? null : await new Promise<never>(() => {});
    });
    await here.add(wakeOf("run-a"));
    await vi.waitFor(() => expect(drives).toBe(11), { timeout: 60_000 });
  });
});

async function startDriver(url: string, space: string, times: string) {
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [DRIVER, url, space, times],
    { stdio: [...stdio] },
  );
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const heard = async (line: string): Promise<void> => {
    while (!lines.includes(line)) await once(reader, "line");
  };
  return { child, lines, heard };
}
