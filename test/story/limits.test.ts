// The provider holds the account: the run says so, waits, and goes on by itself.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge.ts";
import { ModelError } from "../../src/agent/model.ts";
import { type Act, type Actor, playedBy } from "./actors.ts";
import { counting } from "./held.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'One change' }
const made = await change('Write the number', { label: 'number' })
return (await combine([made], { requireReview: false })).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const writer: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] }
    : { finish: { summary: "Write the number" } };

describe("a GitHub that wants fewer requests", () => {
  it("is told of in the thread with how long it asked for, and in the check run once that is over", async () => {
    let isBlocked = true;
    await using stage = await openStage({
      files: { "README.md": "numbers\n", ".claude/workflows/count.js": counting(1) },
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
    const saysSo = (words: string) => stage.said()[0]?.includes(words) ?? false;
    while (!saysSo("**GitHub asked us to wait 90 s**: no further comments before 00:0"))
      await clock.during(clock.sleep(500), 200);
    stage.github.held = null;
    while (!saysSo("**Waiting**: GitHub asked us to wait 40 s while we tried to open"))
      await clock.during(clock.sleep(500), 200);
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).not.toContain("asked us to wait");
    const final = stage.github.checks.find(({ name }) => name === "fanfold");
    expect(final?.summary).toContain("GitHub asked us to wait 1 time, 40 s in all");
  });
});

describe("P75 a usage limit in the middle of a run", () => {
  it("P75 stands in the thread with the time of the next try, and the run loses nothing by it", async () => {
    let isHeld = true;
    const held: Act = { error: new ModelError("spend-cap", "The account's limit is reached.") };
    const worker: Actor = ({ turn }) => {
      if (turn === 0)
        return { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] };
      return isHeld ? held : { finish: { summary: "Write the number" } };
    };
    const model = playedBy({ worker });
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up");
    const { clock } = stage.world;
    const told =
      /\*\*Waiting\*\*: The account's limit is reached\. Next try at \d{4}-\d\d-\d\d \d\d:\d\d UTC\./;
    while (!told.test(stage.said()[0] ?? "")) await clock.during(clock.sleep(100));
    // Far longer than one agent may work.
    await clock.during(clock.sleep(2 * 60 * 60_000), 20_000);
    expect(stage.said()[0]).toMatch(told);
    isHeld = false;
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).not.toContain("Waiting");
    const firstTurns = model.requests.filter(({ messages }) => messages.length === 1);
    expect(firstTurns.filter(({ system }) => system.startsWith("Role: worker"))).toHaveLength(1);
  });
});
