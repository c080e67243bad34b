// Entries of the board in Redis: a key for each, compared and swapped by a script, gone by Redis's own clock.

import { z } from "zod";

import type { Cells } from "./board.ts";

/** What we use of a client; `eval` runs a script on keys and arguments. */
export interface RedisClient {
  eval(script: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  disconnect(): void;
}

const READ = "local t = redis.call('TIME') return {redis.call('GET', KEYS[1]), t[1], t[2]}";
const SWAP = `local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** Seconds and microseconds. */
const Read = z.tuple([z.string().nullable(), z.coerce.number(), z.coerce.number()]);

/** Entries of one space; the braces keep them beside its queues in a cluster. */
export function redisCells(client: RedisClient, space: string): Cells {
  const keyOf = (key: string): string => `{${space}}:board:${key}`;
  return {
    read: async (key) => {
      const [text, seconds, micros] = Read.parse(await client.eval(READ, 1, keyOf(key)));
      return { text, now: seconds * 1_000 + Math.floor(micros / 1_000) };
    },
    // No entry is empty.
    swap: async (key, before, { text, keepMs }) =>
      (await client.eval(SWAP, 1, keyOf(key), before ?? "", text, Math.ceil(keepMs))) === 1,
    close: async () => client.disconnect(),
  };
}
