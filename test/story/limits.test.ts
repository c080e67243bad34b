// The provider holds the account: the run says so, waits, and goes on by itself.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { ModelError } from "../../src/agent/model.ts";
import { type Act, type Actor, playedBy } from "./actors.ts";
import { counting } from "./held.ts";
import { openStage, type Stage } from "./stage.ts";

const FILES = { "README.md": "numbers\n", ".claude/workflows/count.js": counting(1) };

const writer: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] }
    : { finish: { summary: "Write the number" } };

/** Time runs until the run's comment says so. */
async function saying(stage: Stage, words: string): Promise<void> {
  const { clock } = stage.world;
  while (stage.said()[0]?.includes(words) !== true) await clock.during(clock.sleep(1_000), 500);
}

describe("a GitHub that wants fewer requests", () => {
  it("is told of in the thread with how long it asked for, and in the check run once that is over", async () => {
    let isBlocked = true;
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker: writer }),
      before: (operation) => {
        if (operation !== "createPullRequest" || !isBlocked) return;
        isBlocked = false;
        const said = "GitHub asked us to wait 40 s while we tried to open a pull request";
        throw new ForgeError("limited", said, { retryAfterMs: 40_000 });
      },
    });
    await stage.post("/workflow count");
    const { clock } = stage.world;
    stage.github.held = { what: "comments", askedMs: 90_000, until: clock.now() + 90_000 };
    await saying(stage, "**GitHub asked us to wait 90 s**: no further comments before 00:0");
    stage.github.held = null;
    await saying(stage, "**Waiting**: GitHub asked us to wait 40 s while we tried to open");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).not.toContain("asked us to wait");
    const final = stage.github.checks.find(({ name }) => name === "fanfold");
    expect(final?.summary).toContain("GitHub asked us to wait 1 time, 40 s in all");
  });
});

describe("P75 a usage limit in the middle of a run", () => {
  it("P75 pauses it with the time of the next try, for longer than a script may take and over a restart, and it loses nothing by it", async () => {
    let isHeld = true;
    const held: Act = { error: new ModelError("spend-cap", "The account's limit is reached.") };
    const worker: Actor = ({ turn }) => {
      if (turn === 0)
        return { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] };
      return isHeld ? held : { finish: { summary: "Write the number" } };
    };
    const model = playedBy({ worker });
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count --timeout 30m");
    const { clock } = stage.world;
    const told =
      /\*\*The account's limit is reached\. It is asked again at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\*\*/;
    await saying(stage, "⏸️ Paused");
    expect(stage.said()[0]).toMatch(told);
    expect(stage.said()[0]).toContain("`/workflow resume` · `/workflow land`");
    // Far longer than an agent, and this run without a stop, may work.
    await clock.during(clock.sleep(2 * 60 * 60_000), 10_000);
    await stage.restart();
    while (stage.desk.runs()[0]?.record().status !== "paused") await clock.during(clock.sleep(100));
    expect(stage.said()[0]).toMatch(told);
    const asked = model.requests.length;
    // A word of somebody who may be its owner is a reason to look at once.
    await stage.post("/workflow resume", "mia");
    while (model.requests.length === asked) await clock.during(clock.sleep(100));
    await saying(stage, "⏸️ Paused");
    expect(stage.said()[0]).not.toContain("failed");
    isHeld = false;
    await saying(stage, "✅ Completed");
    expect(stage.said()[0]).not.toContain("asked again");
    const firstTurns = model.requests.filter(({ messages }) => messages.length === 1);
    expect(firstTurns.filter(({ system }) => system.startsWith("Role: worker"))).toHaveLength(1);
  });

  it("P75 asks for the words of a finished run later, instead of doing without them", async () => {
    let isHeld = true;
    const held: Act = { error: new ModelError("authentication", "The key is refused.") };
    const model = playedBy({
      worker: writer,
      synthesizer: () =>
        isHeld ? held : { finish: { title: "The number", summary: "Words.", risks: "None." } },
    });
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count");
    await saying(stage, "The key is refused. It is asked again");
    isHeld = false;
    await saying(stage, "✅ Completed");
    expect(stage.github.pulls.find(({ base }) => base === "main")?.title).toContain("The number");
  });
});
