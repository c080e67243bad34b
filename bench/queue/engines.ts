// The queues that are measured, each with the servers that it needs.

import { isPostgresLeftOut, startPostgres } from "../../test/servers/postgres.ts";
import { isRedisLeftOut, startRedis } from "../../test/servers/redis.ts";

export interface Engine {
  name: string;
  /** Null where every process has a queue of its own. */
  start: (() => Promise<{ url: string; [Symbol.asyncDispose](): Promise<void> }>) | null;
}

/** What this machine has no server for is left out, which is said. */
export const engines = (): Engine[] => [
  { name: "embedded", start: null },
  ...(isRedisLeftOut() ? [] : [{ name: "BullMQ on Redis", start: startRedis }]),
  ...(isPostgresLeftOut() ? [] : [{ name: "BullMQ on PostgreSQL", start: startPostgres }]),
];
