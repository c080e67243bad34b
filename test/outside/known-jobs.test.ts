// Reading each run of the queue once, and again when it may have changed.

import { describe, expect, it } from "vitest";

import { createKnownJobs } from "../../src/outside/queue/known-jobs.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

/** A queue of so many waiting runs, whose jobs can be moved. */
function openQueue(runs: number) {
  const states = new Map<string, string>();
  const priorities = new Map<string, number>();
  for (let at = 0; at < runs; at += 1) states.set(`run-${at}`, "prioritized");
  const reads: string[] = [];
  return {
    states,
    priorities,
    reads,
    getRanges: async (types: readonly string[], first = 0, last = -1) => {
      const within = types.flatMap((type) =>
        [...states].filter(([, state]) => state === type).map(([id]) => id),
      );
      return within.slice(first, last === -1 ? undefined : last + 1);
    },
    getJob: async (id: string) => {
      reads.push(id);
      const data = { ...wakeOf(id), due: 0 };
      return states.has(id) ? { data, priority: priorities.get(id) ?? 1 } : undefined;
    },
  };
}

describe("runs of the queue", () => {
  it("that wait are read once, however often it is asked which there are", async () => {
    const queue = openQueue(1_000);
    const known = createKnownJobs(queue);
    expect(await known.turns(Infinity)).toHaveLength(1_000);
    queue.reads.length = 0;
    queue.states.set("run-1000", "prioritized");
    queue.states.set("run-7", "active");
    queue.states.delete("run-8");
    const turns = await known.turns(Infinity);
    expect(turns).toHaveLength(1_000);
    expect(turns.filter(({ isDriven }) => isDriven)).toMatchObject([{ wake: { run: "run-7" } }]);
    expect(queue.reads.toSorted()).toEqual(["run-1000", "run-7"]);
  });

  it("are read again when they woke, since whoever woke them may have given them another turn", async () => {
    const queue = openQueue(2);
    const known = createKnownJobs(queue);
    queue.states.set("run-0", "delayed");
    await known.turns(Infinity);
    queue.states.set("run-0", "prioritized");
    queue.priorities.set("run-0", 600_001);
    const turns = await known.turns(Infinity);
    expect(turns.find(({ wake }) => wake.run === "run-0")).toMatchObject({ turn: 600_001 });
  });

  it("are as many of each state as was asked for", async () => {
    const known = createKnownJobs(openQueue(30));
    expect(await known.turns(10)).toHaveLength(10);
  });

  it("are left out when they went away between two requests", async () => {
    const queue = openQueue(1);
    const known = createKnownJobs({ ...queue, getJob: async () => undefined });
    expect(await known.turns(Infinity)).toEqual([]);
  });
});
