// As whom a process drives runs.

import { describe, expect, it } from "vitest";

import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { openHolder } from "../../src/runs/holder.ts";

const lease = { ttlMs: 1_000, guard: "queue" } as const;

describe("the name of a data folder", () => {
  it("is one, also for runs that ask for it at the same moment", async () => {
    const disk = createMemoryDisk();
    let writes = 0;
    const counting = {
      read: disk.read.bind(disk),
      replace: async (...given: Parameters<typeof disk.replace>) => {
        writes += 1;
        await disk.replace(...given);
      },
    };
    const holder = openHolder({ disk: counting, random: Math.random }, lease);
    const [one, other] = await Promise.all([holder(), holder()]);
    expect(one).toEqual(other);
    expect(writes).toBe(1);
    const next = await openHolder({ disk, random: Math.random }, lease)();
    expect(next.owner).toBe(one.owner);
    expect(next.process).not.toBe(one.process);
  });

  it("is asked for again when the disk refused it", async () => {
    const disk = createMemoryDisk();
    const refusals = [new Error("The disk is full.")];
    const refusing = {
      read: disk.read.bind(disk),
      replace: async (...given: Parameters<typeof disk.replace>) => {
        const refusal = refusals.pop();
        if (refusal !== undefined) throw refusal;
        await disk.replace(...given);
      },
    };
    const holder = openHolder({ disk: refusing, random: Math.random }, lease);
    await expect(holder()).rejects.toThrow("full");
    expect((await holder()).owner).toMatch(/^[0-9a-f]{32}$/u);
  });
});
