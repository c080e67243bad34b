// What every queue promises.

import { describe, expect, it } from "vitest";

import type { Queue } from "../../src/world/queue.ts";

export function queueContract(name: string, open: () => Queue): void {
  describe(`queue: ${name}`, () => {
    it("drives runs that were added before it was started", async () => {
      const queue = open();
      const { promise, resolve } = Promise.withResolvers<string>();
      queue.add("run-1");
      queue.start(async (run) => resolve(run));
      expect(await promise).toBe("run-1");
      await queue.close(1_000);
    });

    it("drives a run once that was added twice, while it waits and while it is driven", async () => {
      const queue = open();
      const driven: string[] = [];
      const gate = Promise.withResolvers<void>();
      const last = Promise.withResolvers<void>();
      queue.add("a");
      queue.add("a");
      queue.start(async (run) => {
        driven.push(run);
        if (run === "a") await gate.promise;
        if (run === "z") last.resolve();
      });
      await turn();
      queue.add("a");
      queue.add("z");
      gate.resolve();
      await last.promise;
      await queue.close(1_000);
      expect(driven).toEqual(["a", "z"]);
    });

    it("drives a run again that was added after it ended", async () => {
      const queue = open();
      const twice = Promise.withResolvers<void>();
      let drives = 0;
      queue.start(async () => {
        drives += 1;
        if (drives === 2) twice.resolve();
      });
      queue.add("a");
      await turn();
      queue.add("a");
      await twice.promise;
      await queue.close(1_000);
      expect(drives).toBe(2);
    });

    it("goes on with the next run when a driver fails", async () => {
      const queue = open();
      const next = Promise.withResolvers<string>();
      queue.start(async (run) => {
        if (run === "broken") throw new Error("driver failed");
        next.resolve(run);
      });
      queue.add("broken");
      queue.add("sound");
      expect(await next.promise).toBe("sound");
      await queue.close(1_000);
    });

    it("aborts what is under way when closed, waits for it, and takes no more", async () => {
      const queue = open();
      const driven: string[] = [];
      let stopped = false;
      queue.start(async (run, signal) => {
        driven.push(run);
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
        await turn();
        stopped = true;
      });
      queue.add("a");
      await turn();
      await queue.close(5_000);
      expect(stopped).toBe(true);
      queue.add("b");
      await turn();
      expect(driven).toEqual(["a"]);
    });

    it("refuses to be started twice", async () => {
      const queue = open();
      queue.start(async () => {});
      expect(() => queue.start(async () => {})).toThrow("twice");
      await queue.close(1_000);
    });
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
