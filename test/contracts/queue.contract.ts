// What every queue promises.

import { isDeepStrictEqual } from "node:util";

import { describe, expect, it, vi } from "vitest";

import type { DriveRun, Queue, QueueLimits, Wake } from "../../src/world/queue.ts";

/** A queue, and what can be done to it from outside. */
export interface QueueHome {
  queue: Queue;
  /** Another process on the same queue; null where only one can be. */
  another: (() => Promise<Queue>) | null;
  /** Loses everything that is kept, under the feet of whoever works. */
  wipe: (() => Promise<void>) | null;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A run of a repository; the installation has the repository's number unless told. */
export const wakeOf = (run: string, repositoryId = 1, installationId = repositoryId): Wake => ({
  run,
  repository: { installationId, repositoryId, owner: "acme", name: `site-${repositoryId}` },
});

const usual: QueueLimits = { atOnce: 1, guests: 0, perRepository: 100, perInstallation: 100 };
const oneOfSix = { waiting: 5, sleeping: 0, driven: 1 };
const soon = { timeout: 60_000, interval: 10 };
const many: QueueLimits = { ...usual, atOnce: 100 };

export function queueContract(
  name: string,
  open: (limits: QueueLimits) => Promise<QueueHome>,
): void {
  describe(`queue: ${name}`, () => {
    it("drives runs that were added before it was started, and says where they are", async () => {
      await using home = await open(usual);
      const driven = Promise.withResolvers<Wake>();
      await home.queue.add(wakeOf("run-1", 7));
      home.queue.start(async (wake) => {
        driven.resolve(wake);
        return null;
      });
      expect(await driven.promise).toEqual(wakeOf("run-1", 7));
    });

    it("drives a run once that was added twice, while it waits and while it is driven", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const seen = recorder(queue, async ({ run }) => {
        if (run === "run-a") await gate.promise;
        return null;
      });
      await queue.add(wakeOf("run-a"));
      await queue.add(wakeOf("run-a"));
      seen.start();
      await seen.until("run-a");
      await queue.add(wakeOf("run-a"));
      await queue.add(wakeOf("run-z"));
      gate.resolve();
      await seen.until("run-z");
      expect(seen.runs).toEqual(["run-a", "run-z"]);
    });

    it("drives a run again that was added after it ended", async () => {
      await using home = await open(usual);
      const seen = recorder(home.queue, async () => null);
      seen.start();
      await home.queue.add(wakeOf("run-a"));
      await seen.untilGone("run-a");
      await home.queue.add(wakeOf("run-a"));
      await seen.until("run-a", 2);
      expect(seen.runs).toEqual(["run-a", "run-a"]);
    });

    it("sees every run at every moment, also one that is handed out meanwhile", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const seen = recorder(queue, async () => null);
      seen.start();
      const missed: string[] = [];
      for (const run of Array.from({ length: 100 }, (_, at) => `run-${at}`)) {
        await queue.add(wakeOf(run));
        while (!seen.runs.includes(run)) {
          const entries = runsOf(await queue.entries());
          if (!entries.includes(run) && !seen.runs.includes(run)) missed.push(run);
        }
      }
      expect(missed).toEqual([]);
    });

    it("goes on with the next run when a driver fails", async () => {
      await using home = await open(usual);
      const seen = recorder(home.queue, async ({ run }) => {
        if (run === "broken") throw new Error("driver failed");
        return null;
      });
      seen.start();
      await home.queue.add(wakeOf("broken"));
      await home.queue.add(wakeOf("sound"));
      await seen.until("sound");
      await seen.untilGone("broken");
      expect(seen.runs).toEqual(["broken", "sound"]);
    });

    it("lets a run sleep, wakes it for an earlier moment only, and keeps it meanwhile", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const seen = recorder(queue, async () => null);
      seen.start();
      await queue.add(wakeOf("early"), { delayMs: 60_000 });
      await queue.add(wakeOf("late"), { delayMs: 60_000 });
      await queue.add(wakeOf("late"), { delayMs: 120_000 });
      expect(runsOf(await queue.entries())).toEqual(["early", "late"]);
      await queue.add(wakeOf("early"), { delayMs: 50 });
      await seen.until("early");
      await queue.add(wakeOf("late"), { urgency: "word" });
      await seen.until("late");
      expect(seen.runs).toEqual(["early", "late"]);
    });

    it("says which runs are at work, which wait in the order of their turns, and which sleep", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const seen = recorder(queue, async () => gate.promise.then(() => null));
      await queue.add(wakeOf("at-work"));
      seen.start();
      await seen.until("at-work");
      await queue.add(wakeOf("scheduled"), { urgency: "scheduled" });
      await queue.add(wakeOf("asked", 2));
      await queue.add(wakeOf("asleep", 3), { delayMs: 60_000 });
      await queue.add(wakeOf("told", 4), { delayMs: 60_000 });
      await queue.add(wakeOf("told", 4), { urgency: "word" });
      const states = Map.groupBy(await queue.entries(), ({ state }) => state);
      expect(runsOf(states.get("driven") ?? [])).toEqual(["at-work"]);
      expect((states.get("waiting") ?? []).map(({ run }) => run)).toEqual([
        "told",
        "asked",
        "scheduled",
      ]);
      expect(runsOf(states.get("sleeping") ?? [])).toEqual(["asleep"]);
      gate.resolve();
    });

    it("drives a run again by itself after the time that its driver named", async () => {
      await using home = await open(usual);
      const seen = recorder(home.queue, async () => (seen.runs.length < 3 ? 20 : null));
      seen.start();
      await home.queue.add(wakeOf("run-a"));
      await seen.until("run-a", 3);
      await seen.untilGone("run-a");
      expect(seen.runs).toHaveLength(3);
    });

    it("hands out what a person waits for first, and what nobody waits for last", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const seen = recorder(queue, async () => null);
      await queue.add(wakeOf("scheduled", 1), { urgency: "scheduled" });
      await queue.add(wakeOf("asked-1", 2));
      await queue.add(wakeOf("asked-2", 3));
      await queue.add(wakeOf("word", 4), { urgency: "word" });
      seen.start();
      await seen.until("scheduled");
      expect(seen.runs).toEqual(["word", "asked-1", "asked-2", "scheduled"]);
    });

    it("does not let one installation's many runs keep another's first one waiting", async () => {
      await using home = await open(usual);
      const seen = recorder(home.queue, async () => null);
      for (const run of ["a-1", "a-2", "a-3"]) await home.queue.add(wakeOf(run, 1));
      await home.queue.add(wakeOf("b-1", 2));
      seen.start();
      await seen.until("a-3");
      expect(seen.runs.indexOf("b-1")).toBeLessThan(2);
    });

    it("does not starve one's further runs while two others come in turns, each after the other", async () => {
      await using home = await open(usual);
      const { queue } = home;
      let added = 0;
      const seen = recorder(queue, async () => {
        added += 1;
        if (added <= 16) await queue.add(wakeOf(`other-${added}`, 2 + (added % 2)));
        return null;
      });
      for (const run of ["x-1", "x-2", "x-3"]) await queue.add(wakeOf(run, 1));
      seen.start();
      await seen.until("x-3");
      expect(seen.runs.indexOf("x-3")).toBeLessThan(12);
    });

    it("has places beside the others for installations of which nothing is driven", async () => {
      await using home = await open({ ...usual, guests: 1 });
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const seen = recorder(queue, async ({ run }) => {
        if (run !== "own-3") await gate.promise;
        return null;
      });
      seen.start();
      // Two that are handed out in one moment may change places.
      await queue.add(wakeOf("own-1", 1));
      await seen.until("own-1");
      for (const run of ["own-2", "own-3"]) await queue.add(wakeOf(run, 1));
      await turn(300);
      expect(seen.runs).toEqual(["own-1"]);
      await queue.add(wakeOf("guest", 2));
      await queue.add(wakeOf("late-guest", 3));
      await seen.until("guest");
      await turn(300);
      expect(seen.runs).toEqual(["own-1", "guest"]);
      gate.resolve();
      await seen.until("late-guest");
      await seen.until("own-3");
    });

    it("counts as driven what has a place, and as waiting what has none", async () => {
      await using home = await open({ ...usual, guests: 3 });
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const seen = recorder(queue, async () => gate.promise.then(() => null));
      seen.start();
      await queue.add(wakeOf("own-0", 10, 1));
      await seen.until("own-0");
      for (const at of [1, 2, 3, 4, 5]) await queue.add(wakeOf(`own-${at}`, 10 + at, 1));
      await turn(150);
      const depths: unknown[] = [];
      for (let look = 0; look < 20; look += 1) {
        depths.push(await queue.depth());
        await turn(37);
      }
      // One that moves between two requests is counted twice or not at all; on a slow machine that is no rare moment.
      const right = depths.filter((depth) => isDeepStrictEqual(depth, oneOfSix));
      expect(right.length).toBeGreaterThan(5);
      expect(runsOf((await queue.entries()).filter((one) => one.state === "driven"))).toEqual([
        "own-0",
      ]);
      gate.resolve();
      await seen.until("own-5");
    });

    it("keeps to the places of a repository also where a run was held for a place", async (context) => {
      await using home = await open({ ...usual, guests: 1, perRepository: 1 });
      if (home.another === null) return context.skip();
      const gates = new Map<string, () => void>();
      const now = new Set<string>();
      const over: string[] = [];
      const drive: DriveRun = async ({ run }) => {
        now.add(run.slice(0, 1));
        if (now.has("x") && now.has("y")) over.push(run);
        await new Promise<void>((resolve) => gates.set(run, resolve));
        now.delete(run.slice(0, 1));
        return null;
      };
      const here = recorder(home.queue, drive);
      const there = recorder(await home.another(), drive);
      here.start();
      // One that is held is looked at anew each time that it is handed out: not each round meets the moment in between.
      for (const round of [1, 2, 3, 4, 5, 6]) {
        await here.queue.add(wakeOf(`a-${round}`, 10, 1));
        await here.until(`a-${round}`);
        await here.queue.add(wakeOf(`x-${round}`, 11, 1));
        await vi.waitFor(async () => expect((await here.queue.depth()).waiting).toBe(1), soon);
        if (round === 1) there.start();
        there.queue.resume();
        await here.queue.add(wakeOf(`y-${round}`, 11, 1));
        await vi.waitFor(() => expect([...now]).toHaveLength(2), soon);
        there.queue.pause();
        gates.get(`a-${round}`)?.();
        await turn(100);
        await vi.waitFor(async () => {
          for (const end of gates.values()) end();
          expect(await here.queue.entries()).toEqual([]);
        }, soon);
      }
      expect(over).toEqual([]);
    });

    it("never drives more of one repository, or of one installation, than it was told", async () => {
      await using home = await open({ ...many, perRepository: 1, perInstallation: 2 });
      const { queue } = home;
      const gates = new Map<string, () => void>();
      const seen = recorder(queue, async ({ run }) => {
        await new Promise<void>((resolve) => gates.set(run, resolve));
        return null;
      });
      seen.start();
      // Three repositories of one installation, the first of them twice.
      await queue.add(wakeOf("one", 1, 9));
      await seen.until("one");
      await queue.add(wakeOf("one-more", 1, 9));
      await queue.add(wakeOf("two", 2, 9));
      await seen.until("two");
      await queue.add(wakeOf("three", 3, 9));
      await queue.add(wakeOf("other", 4, 8));
      await seen.until("other");
      await turn(100);
      expect(seen.runs).toEqual(["one", "two", "other"]);
      gates.get("one")?.();
      await expect.poll(() => seen.runs.length, { timeout: 60_000 }).toBe(4);
      gates.get("two")?.();
      await expect.poll(() => seen.runs.length, { timeout: 60_000 }).toBe(5);
      for (const end of gates.values()) end();
    });

    it("forgets a run that waits or sleeps, and leaves alone one that is driven", async () => {
      await using home = await open(usual);
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const seen = recorder(queue, async ({ run }) => {
        if (run === "driven") await gate.promise;
        return null;
      });
      seen.start();
      await queue.add(wakeOf("driven"));
      await seen.until("driven");
      await queue.add(wakeOf("waits"));
      await queue.add(wakeOf("sleeps"), { delayMs: 60_000 });
      expect(await queue.depth()).toEqual({ waiting: 1, sleeping: 1, driven: 1 });
      for (const run of ["driven", "waits", "sleeps"]) await queue.drop(run);
      expect(runsOf(await queue.entries())).toEqual(["driven"]);
      expect(await queue.depth()).toEqual({ waiting: 0, sleeping: 0, driven: 1 });
      gate.resolve();
      await queue.add(wakeOf("last"));
      await seen.until("last");
      expect(seen.runs).toEqual(["driven", "last"]);
    });

    it("takes nothing while it is paused, lets what is under way end, and goes on where it stood", async () => {
      await using home = await open(many);
      const { queue } = home;
      const gate = Promise.withResolvers<void>();
      const ended: string[] = [];
      const seen = recorder(queue, async ({ run }) => {
        if (run === "under-way") await gate.promise;
        ended.push(run);
        return null;
      });
      seen.start();
      await queue.add(wakeOf("under-way"));
      await seen.until("under-way");
      queue.pause();
      await queue.add(wakeOf("waits"));
      gate.resolve();
      await expect.poll(() => ended).toEqual(["under-way"]);
      await turn(100);
      expect(seen.runs).toEqual(["under-way"]);
      queue.resume();
      await seen.until("waits");
    });

    it("aborts what is under way when closed, waits for it, and takes no more", async () => {
      await using home = await open(usual);
      const { queue } = home;
      let stopped = false;
      const seen = recorder(queue, async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        await turn(10);
        stopped = true;
        return null;
      });
      seen.start();
      await queue.add(wakeOf("run-a"));
      await seen.until("run-a");
      await queue.close(5_000);
      expect(stopped).toBe(true);
      await queue.add(wakeOf("run-b"));
      await turn(20);
      expect(seen.runs).toEqual(["run-a"]);
    });

    it("refuses to be started twice", async () => {
      await using home = await open(usual);
      home.queue.start(async () => null);
      expect(() => home.queue.start(async () => null)).toThrow("twice");
    });

    it("hands what a closed process drove to another one at once", async (context) => {
      await using home = await open(usual);
      if (home.another === null) return context.skip();
      const first = recorder(home.queue, async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        return null;
      });
      first.start();
      await home.queue.add(wakeOf("run-a"));
      await first.until("run-a");
      const second = recorder(await home.another(), async () => null);
      second.start();
      await home.queue.close(5_000);
      await second.until("run-a");
      expect(first.runs).toEqual(["run-a"]);
    });

    it("shares runs between processes, each to one of them, however often they were added", async (context) => {
      await using home = await open({ ...usual, atOnce: 2 });
      if (home.another === null) return context.skip();
      const gate = Promise.withResolvers<void>();
      const wait: DriveRun = async () => gate.promise.then(() => null);
      const here = recorder(home.queue, wait);
      const there = recorder(await home.another(), wait);
      here.start();
      there.start();
      const names = ["run-1", "run-2", "run-3", "run-4"];
      for (const run of names)
        await Promise.all([home.queue.add(wakeOf(run)), there.queue.add(wakeOf(run))]);
      await expect.poll(() => here.runs.length + there.runs.length).toBe(4);
      expect([...here.runs, ...there.runs].toSorted()).toEqual(names);
      gate.resolve();
    });

    it("takes a run again that waited for its first driver when everything was lost", async (context) => {
      await using home = await open(usual);
      if (home.wipe === null) return context.skip();
      const { queue } = home;
      await queue.add(wakeOf("waits"));
      await queue.add(wakeOf("sleeps"), { delayMs: 60_000 });
      await home.wipe();
      expect(await queue.entries()).toEqual([]);
      const seen = recorder(queue, async () => null);
      seen.start();
      for (const run of ["waits", "sleeps"]) await queue.add(wakeOf(run), { delayMs: 50 });
      await seen.until("waits");
      await seen.until("sleeps");
    });

    it("tells a driver when everything was lost, and hands the run out again after it stopped", async (context) => {
      await using home = await open(usual);
      if (home.wipe === null) return context.skip();
      const { queue } = home;
      const events: string[] = [];
      const seen = recorder(queue, async (_, hold) => {
        if (seen.runs.length > 1) return null;
        await new Promise((resolve) => hold.signal.addEventListener("abort", resolve));
        events.push(
          await hold.mayAct().then(
            () => "acts",
            (error: Error) => error.name,
          ),
        );
        return null;
      });
      seen.start();
      await queue.add(wakeOf("run-a"));
      await seen.until("run-a");
      await home.wipe();
      await seen.until("run-a", 2);
      expect(events).toEqual(["LockLost"]);
    });
  });
}

/** Drives by `drive`, and notes what was driven in which order. */
function recorder(queue: Queue, drive: DriveRun) {
  const runs: string[] = [];
  const count = (run: string): number => runs.filter((each) => each === run).length;
  return {
    queue,
    runs,
    start: () =>
      queue.start((wake, hold) => {
        runs.push(wake.run);
        return drive(wake, hold);
      }),
    until: (run: string, times = 1) =>
      vi.waitFor(() => expect(count(run)).toBe(times), { timeout: 60_000, interval: 10 }),
    untilGone: (run: string) =>
      vi.waitFor(async () => expect(runsOf(await queue.entries())).not.toContain(run), {
        timeout: 60_000,
        interval: 10,
      }),
  };
}

const runsOf = (wakes: readonly Wake[]): string[] => wakes.map(({ run }) => run).toSorted();

function turn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
