// The provider holds the account: the run says so, waits, and goes on by itself.

import { describe, expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { type Act, type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'One change' }
const made = await change('Write the number', { label: 'number' })
return (await combine([made], { requireReview: false })).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

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
