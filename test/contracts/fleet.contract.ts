// What every fleet promises: what several processes share beside the queue of runs.

import { describe, expect, it, vi } from "vitest";

import type { Fleet } from "../../src/world/fleet.ts";
import type { Letter } from "../../src/world/inbox.ts";

export interface FleetHome extends AsyncDisposable {
  fleet: Fleet;
  /** Another process of the same bot. */
  another(): Fleet;
  /** Loses everything that is kept, under the feet of whoever works. */
  wipe(): Promise<void>;
}

const letter = (key: string, repositoryId = 1, installationId = 1): Letter => ({
  at: 1,
  event: {
    source: "comment",
    key,
    place: null,
    repository: { installationId, repositoryId, owner: "acme", name: "site" },
    thread: 7,
    isPullRequest: false,
    comment: {
      id: 1,
      body: "/workflow status",
      authorId: 1,
      authorLogin: "ada",
      authorType: "User",
      viaApp: false,
    },
    sender: { id: 1, login: "ada", type: "User" },
    delivery: `delivery-${key}`,
  },
});

const told = (id: string, run: string, at: number) => ({ id, run, at, text: `text of ${id}` });

export function fleetContract(name: string, open: () => Promise<FleetHome>): void {
  describe(`fleet: ${name}`, () => {
    it("tells every process what one was told, oldest first, until it is forgotten", async () => {
      await using home = await open();
      const { fleet } = home;
      const other = home.another();
      await fleet.tell(told("t-2", "run-a", 2));
      await fleet.tell(told("t-1", "run-a", 1));
      await other.tell(told("t-3", "run-b", 3));
      expect((await other.told("run-a")).map(({ id }) => id)).toEqual(["t-1", "t-2"]);
      await fleet.forget(await fleet.told("run-a"));
      expect(await other.told()).toEqual([told("t-3", "run-b", 3)]);
    });

    it("hands each letter to one process, and those of one repository in their order", async () => {
      await using home = await open();
      const processes = [home.fleet, home.another()];
      const answered: string[] = [];
      let atOnce = 0;
      let most = 0;
      for (const key of ["one", "two", "three", "two"]) await processes[0]?.post.keep(letter(key));
      for (const { post } of processes) {
        post.start(async ({ event }) => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await turn(20);
          atOnce -= 1;
          answered.push(event.key);
          return "settled";
        });
      }
      await vi.waitFor(() => expect(answered).toHaveLength(3), { timeout: 60_000 });
      expect([answered, most]).toEqual([["one", "two", "three"], 1]);
    });

    it("answers letters of one repository in their order when everything was lost before they came", async () => {
      await using home = await open();
      const processes = [home.fleet, home.another()];
      const answered: string[] = [];
      let atOnce = 0;
      let most = 0;
      await home.fleet.post.keep(letter("before"));
      for (const { post } of processes) {
        post.start(async ({ event }) => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await turn(100);
          atOnce -= 1;
          answered.push(event.key);
          return "settled";
        });
      }
      await vi.waitFor(() => expect(answered).toEqual(["before"]), { timeout: 60_000 });
      await home.wipe();
      const later = ["one", "two", "three", "four"];
      for (const key of later) await home.fleet.post.keep(letter(key));
      await vi.waitFor(() => expect(answered).toHaveLength(5), { timeout: 60_000 });
      expect([answered, most]).toEqual([["before", ...later], 1]);
    });

    it("answers each repository beside all others, and keeps places from an installation that waits for its pace", async () => {
      await using home = await open();
      const gate = Promise.withResolvers<void>();
      const busy: number[] = [];
      const answered: number[] = [];
      // 20 repositories of installation 1 wait; 20 others, also such as a remainder of their number would put beside them.
      for (let at = 0; at < 20; at += 1) await home.fleet.post.keep(letter("slow", at));
      for (let at = 100; at < 120; at += 1) await home.fleet.post.keep(letter("quick", at, at));
      home.fleet.post.start(async ({ event }) => {
        const { repositoryId, installationId } = event.repository;
        if (installationId === 1) {
          busy.push(repositoryId);
          await gate.promise;
        }
        answered.push(repositoryId);
        return "settled";
      });
      await vi.waitFor(() => expect(answered).toHaveLength(20), { timeout: 60_000 });
      expect(answered.every((repositoryId) => repositoryId >= 100)).toBe(true);
      await vi.waitFor(() => expect(busy).toHaveLength(4), { timeout: 60_000 });
      gate.resolve();
      await vi.waitFor(() => expect(answered).toHaveLength(40), { timeout: 60_000 });
    });

    it("keeps the order of each repository where several processes answer many at once, while more come", async () => {
      await using home = await open();
      const processes = [home.fleet, home.another(), home.another()];
      const answered = new Map<number, string[]>([1, 2, 3].map((id) => [id, []]));
      const busy = new Set<number>();
      const over: number[] = [];
      for (const { post } of processes) {
        post.start(async ({ event }) => {
          const { repositoryId } = event.repository;
          if (busy.has(repositoryId)) over.push(repositoryId);
          busy.add(repositoryId);
          await turn(5);
          busy.delete(repositoryId);
          answered.get(repositoryId)?.push(event.key);
          return "settled";
        });
      }
      const keys = Array.from({ length: 12 }, (_, at) => `key-${at}`);
      for (const key of keys) {
        for (const id of [1, 2, 3]) await processes[id % 2]?.post.keep(letter(key, id));
      }
      await vi.waitFor(() => expect([...answered.values()].flat()).toHaveLength(36), {
        timeout: 60_000,
      });
      expect(over).toEqual([]);
      expect([...answered.values()]).toEqual([keys, keys, keys]);
    });

    it("answers the next letter of a repository beside one that comes again later", async () => {
      await using home = await open();
      const answered: string[] = [];
      for (const key of ["hard", "easy"]) await home.fleet.post.keep(letter(key));
      home.fleet.post.start(async ({ event }) => {
        const isFirst = answered.push(event.key) === 1;
        return isFirst ? "unanswered" : "settled";
      });
      await vi.waitFor(() => expect(answered).toHaveLength(3), { timeout: 60_000 });
      expect(answered.toSorted()).toEqual(["easy", "hard", "hard"]);
    });

    it("swallows a letter that is delivered again a moment after it was answered", async () => {
      await using home = await open();
      const { post } = home.fleet;
      const answered: string[] = [];
      post.start(async ({ event }) => {
        answered.push(event.key);
        return "settled";
      });
      await post.keep(letter("first"));
      await vi.waitFor(() => expect(answered).toEqual(["first"]), { timeout: 60_000 });
      await post.keep(letter("first"));
      await post.keep(letter("second"));
      await vi.waitFor(() => expect(answered).toContain("second"), { timeout: 60_000 });
      expect(answered).toEqual(["first", "second"]);
    });

    it("hands a letter out again that could not be answered", async () => {
      await using home = await open();
      let tries = 0;
      home.fleet.post.start(async () => {
        tries += 1;
        return tries < 3 ? "unanswered" : "settled";
      });
      await home.fleet.post.keep(letter("hard"));
      await vi.waitFor(() => expect(tries).toBe(3), { timeout: 60_000 });
      await turn(300);
      expect(tries).toBe(3);
    });

    it("has something done by one process at a time, and by another one when that stops", async () => {
      await using home = await open();
      const working: string[] = [];
      const start = (name: string, fleet: Fleet) => {
        const over = new AbortController();
        const done = fleet.alone(async (signal) => {
          working.push(name);
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          working.splice(working.indexOf(name), 1);
        }, over.signal);
        return { name, over, done };
      };
      const all = [start("a", home.fleet), start("b", home.another())];
      await vi.waitFor(() => expect(working).toHaveLength(1), { timeout: 60_000 });
      await turn(200);
      expect(working).toHaveLength(1);
      const first = all.find(({ name }) => name === working[0]);
      first?.over.abort(new Error("It stops."));
      await first?.done;
      await vi.waitFor(() => expect(working).toHaveLength(1), { timeout: 60_000 });
      expect(working).not.toContain(first?.name);
      for (const { over } of all) over.abort(new Error("All stop."));
      await Promise.all(all.map(({ done }) => done));
    });
  });
}

function turn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
