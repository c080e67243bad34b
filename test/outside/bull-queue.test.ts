// The queue of many processes, on real servers of this machine.

import { describe, afterAll, beforeAll, expect, it } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type LossTimes, openBull } from "../../src/outside/queue/bull.ts";
import { createBullFleet } from "../../src/outside/queue/bull-fleet.ts";
import { createBullQueue } from "../../src/outside/queue/bull-queue.ts";
import { createBoard } from "../../src/outside/queue/board.ts";
import type { Fleet } from "../../src/world/fleet.ts";
import type { Queue, QueueLimits } from "../../src/world/queue.ts";
import { boardContract } from "../contracts/board.contract.ts";
import { fleetContract } from "../contracts/fleet.contract.ts";
import { type QueueHome, queueContract } from "../contracts/queue.contract.ts";
import type { Server } from "../servers/machine.ts";
import { isPostgresLeftOut, startPostgres } from "../servers/postgres.ts";
import { isRedisLeftOut, startRedis } from "../servers/redis.ts";

/** A tenth of production's, so that what is lost is found soon. */
const soon: LossTimes = { lockMs: 800, renewMs: 200, lookMs: 200 };

const engines = [
  { name: "BullMQ on Redis", isLeftOut: isRedisLeftOut(), start: startRedis },
  { name: "BullMQ on PostgreSQL", isLeftOut: isPostgresLeftOut(), start: startPostgres },
];

for (const { name, isLeftOut, start } of engines) {
  describe.skipIf(isLeftOut)(`engine: ${name}`, () => {
    let server: Server;
    let fleets = 0;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    const open = async (limits: QueueLimits): Promise<QueueHome> => {
      const log = createMemoryLog();
      const options = { url: server.url, log, times: soon };
      const bull = await openBull(options);
      const opened: Queue[] = [];
      const openOne = (): Queue => {
        const queue = createBullQueue({ bull, limits, clock: systemClock, log });
        opened.push(queue);
        return queue;
      };
      const wipe = async (): Promise<void> => {
        const queue = bull.queue("runs");
        await queue.obliterate({ force: true });
        await queue.close();
      };
      return {
        queue: openOne(),
        another: async () => openOne(),
        wipe,
        [Symbol.asyncDispose]: async () => {
          await Promise.all(opened.map((queue) => queue.close(5_000)));
          await wipe();
        },
      };
    };

    queueContract(name, open);

    boardContract(name, async () => {
      const log = createMemoryLog();
      const space = `board_${fleets++}`;
      // Each process has connections of its own.
      const bulls = await Promise.all(
        [0, 1, 2].map(() => openBull({ url: server.url, log, space })),
      );
      const boards = bulls.map(({ cells }) =>
        createBoard({ cells, clock: systemClock, random: Math.random, log }),
      );
      const [board, ...others] = boards;
      if (board === undefined) throw new Error("There is no board.");
      return {
        board,
        another: () => others.shift() ?? board,
        [Symbol.asyncDispose]: async () => {
          await Promise.all(bulls.map(({ cells }) => cells.close()));
        },
      };
    });

    fleetContract(name, async () => {
      const log = createMemoryLog();
      const space = `fleet_${fleets++}`;
      const bull = await openBull({ url: server.url, log, times: soon, space });
      const opened: Fleet[] = [];
      const another = (): Fleet => {
        const options = { bull, clock: systemClock, log, againMs: 100 };
        const fleet = createBullFleet({ ...options, random: Math.random });
        opened.push(fleet);
        return fleet;
      };
      return {
        fleet: another(),
        another,
        [Symbol.asyncDispose]: async () => {
          for (const fleet of opened) {
            await fleet.post.close(5_000);
            await fleet.close();
          }
        },
      };
    });
  });
}

it("says what to do when PostgreSQL cannot be reached", async () => {
  const log = createMemoryLog();
  await expect(openBull({ url: "postgres://127.0.0.1:1/nowhere", log })).rejects.toThrow(
    /cannot be used.*Nothing was started/u,
  );
});
