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
    expect(answers[0]).toMatch(/\| planning \|[^\n]*waits for its turn/u);
    expect(answers[1]).toContain("| Command |");
  });
});
