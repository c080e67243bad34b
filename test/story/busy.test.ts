// While runs fill every place, short questions are still answered at once.

import { describe, expect, it } from "vitest";

import { limits, queueLimits } from "../../src/config/limits.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

describe("a bot whose places are all taken", () => {
  it("answers status and help at once, and shows the run that waits for a place", async () => {
    let asked = 0;
    const model = playedBy({});
    model.turn = (_, signal) => {
      asked += 1;
      return new Promise((__, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    };
    await using stage = await openStage({ files: { "a.txt": "a\n" }, model });
    const { clock, log } = stage.world;
    await stage.restart({
      queue: createEmbeddedQueue({ limits: queueLimits, clock, log }),
    });
    for (let run = 0; run <= limits.run.runsAtOnce; run++) await stage.post("/workflow fix it all");
    while (asked < limits.run.runsAtOnce) await clock.advance(100);
    await stage.post("/workflow status");
    await stage.post("/workflow help");
    const answers = stage.said().slice(-2);
    expect(answers[0]?.match(/\| running \|/g)).toHaveLength(limits.run.runsAtOnce);
    expect(answers[0]).toMatch(/\| planning \|[^\n]*queued #1, waits for its turn/u);
    expect(answers[1]).toContain("| Command |");
  });

  it("says in a run's own comment which place it has, and moves it up, each run in one comment", async () => {
    const places = { ...queueLimits, atOnce: 1 };
    const model = playedBy({});
    const firstEnds = Promise.withResolvers<never>();
    const asked = { times: 0 };
    model.turn = (_, signal) => {
      asked.times += 1;
      if (asked.times === 1) return firstEnds.promise;
      return new Promise((__, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    };
    await using stage = await openStage({ files: { "a.txt": "a\n" }, model });
    const { clock, log } = stage.world;
    const queue = createEmbeddedQueue({ limits: places, clock, log });
    await stage.restart({ queue });
    const threads: number[] = [];
    for (let run = 0; run < 3; run++) {
      if (run > 0) stage.openIssue();
      threads.push(stage.thread);
      await stage.post("/workflow fix it all");
    }
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await clock.advance(100);
    };
    const inThread = (thread: number | undefined): string[] =>
      stage.github.comments
        .filter((one) => one.thread === thread && one.author === "fanfold[bot]")
        .map(({ body }) => body);
    // At once, before any time has passed.
    expect(inThread(threads[1])).toMatchObject([expect.stringContaining("Queued #1**")]);
    expect(inThread(threads[2])).toMatchObject([expect.stringContaining("Queued #2**")]);
    await until(() => inThread(threads[0])[0]?.includes("Planning") === true);
    const behind = /behind \[`wf-[0-9a-v]+`\]\([^)]+\) \(fix it all\), at work/u;
    await until(() => behind.test(inThread(threads[1])[0] ?? ""));
    await until(() => asked.times > 0);
    firstEnds.reject(new Error("It cannot be written."));
    await until(() => asked.times > 1);
    await until(() => inThread(threads[2])[0]?.includes("Queued #1**") === true);
    await stage.desk.cancelAll(stage.world.ref, { id: 3, login: "eve" });
    await clock.advance(6_000);
    for (const thread of threads) {
      await until(() => /Failed|Cancelled/u.test(inThread(thread)[0] ?? ""));
      expect(inThread(thread)).toHaveLength(1);
    }
  });
});
