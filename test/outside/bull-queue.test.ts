// The queue of many processes, on real servers of this machine.

import { PostgresConnection } from "bullmq";
import { Redis } from "ioredis";
import { describe, afterAll, beforeAll, expect, it } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type Bull, jobOptions, type LossTimes, openBull } from "../../src/outside/queue/bull.ts";
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
  {
    name: "BullMQ on Redis",
    isLeftOut: isRedisLeftOut(),
    start: startRedis,
    empty: async (url: string) => {
      const redis = new Redis(url);
      await redis.flushall();
      redis.disconnect();
    },
  },
  {
    name: "BullMQ on PostgreSQL",
    isLeftOut: isPostgresLeftOut(),
    start: startPostgres,
    empty: async (url: string, space: string) => {
      const own = new PostgresConnection({ connectionString: url, schema: space });
      for (const table of ["job", "meta", "event", "dedup", "dedup_next", "fanfold_board"])
        await own.pool.query(`truncate ${space}.${table} cascade`);
      await own.close();
    },
  },
];

for (const { name, isLeftOut, start, empty } of engines) {
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
        wipe: () => empty(server.url, space),
        [Symbol.asyncDispose]: async () => {
          for (const fleet of opened) {
            await fleet.post.close(5_000);
            await fleet.close();
          }
        },
      };
    });

    it("reads nothing of other runs for whoever asks of one, but what an earlier version told", async () => {
      const log = createMemoryLog();
      const bull = await openBull({ url: server.url, log, space: `told_${fleets++}` });
      const read: string[] = [];
      const watched: Bull = {
        ...bull,
        queue: (of) => {
          const queue = bull.queue(of);
          const getJob = queue.getJob.bind(queue);
          queue.getJobs = () => Promise.reject(new Error("Everything was read."));
          queue.getJob = (id) => {
            read.push(id);
            return getJob(id);
          };
          return queue;
        },
      };
      const options = { clock: systemClock, log, againMs: 100, random: Math.random };
      const fleet = createBullFleet({ ...options, bull: watched });
      const earlier = { id: "t-0", run: "wf-a", at: 0, text: "zero" };
      const queue = bull.queue("told");
      await queue.add("told", earlier, { ...jobOptions, jobId: earlier.id });
      const told = ["wf-a", "wf-b", "wf-c"].map((run) => ({ id: "t-1", run, at: 1, text: run }));
      for (const one of told) await fleet.tell(one);
      expect(await fleet.told("wf-a")).toEqual([earlier, told[0]]);
      expect(read.toSorted()).toEqual(["t-0", "wf-a.t-1"]);
      await fleet.forget([earlier, ...told]);
      expect(await fleet.told("wf-a")).toEqual([]);
      await Promise.all([fleet.post.close(1_000), fleet.close(), queue.close()]);
    });
  });
}

it("says what to do when PostgreSQL cannot be reached", async () => {
  const log = createMemoryLog();
  await expect(openBull({ url: "postgres://127.0.0.1:1/nowhere", log })).rejects.toThrow(
    /cannot be used.*Nothing was started/u,
  );
});
