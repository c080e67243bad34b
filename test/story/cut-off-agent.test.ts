// An agent that is cut off in the middle of its work goes on with what it has said: no turn is paid for twice.

import { readdir } from "node:fs/promises";

import { describe, expect, it, vi } from "vitest";

import type { ScriptedModel } from "../../src/outside/memory/model.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'One change' }
const made = await change('Write ten numbers', { label: 'numbers' })
await review(made, { reviewers: 1, lenses: ['correctness'] })
return (await combine([made])).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };
const TURNS = 10;

/** Ten turns, the seventh of which is only answered once it is let go. */
function heldWorker() {
  const middle = Promise.withResolvers<void>();
  const held = { is: true, middle: middle.promise };
  const worker: Actor = async ({ turn }) => {
    if (turn === 6 && held.is) {
      middle.resolve();
      await Promise.withResolvers<never>().promise;
    }
    return turn < TURNS - 1
      ? { tools: [{ name: "write_file", input: { path: `n${turn}.txt`, content: `${turn}\n` } }] }
      : { finish: { summary: "Write the numbers" } };
  };
  return { worker, held };
}

const turnsOf = ({ requests }: ScriptedModel): number =>
  requests.filter(({ system }) => system.startsWith("Role: worker")).length;

describe("an agent of ten turns", () => {
  it("is asked for at most one turn again when the process ends in its middle", async () => {
    const { worker, held } = heldWorker();
    const model = playedBy({ worker });
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up");
    await stage.world.clock.during(held.middle);
    held.is = false;
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(turnsOf(model)).toBe(TURNS + 1);
    const final = stage.github.pulls.find(({ base }) => base === "main");
    const files = await stage.git("ls-tree", "--name-only", final?.head ?? "");
    expect(files.split("\n")).toHaveLength(TURNS - 1 + 2);
    // Every turn is paid for once: ten of the worker, one of the reviewer and one of the synthesizer.
    expect(final?.body).toContain("Cost: $0.12 for 3 agents");
  });

  it("of a private repository goes on with its context on another machine", async () => {
    const { worker, held } = heldWorker();
    const model = playedBy({ worker });
    await using stage = await openStage({ files: FILES, model });
    stage.github.private = true;
    await stage.post("/workflow count-up");
    await stage.world.clock.during(held.middle, 200);
    const [run] = stage.desk.runs();
    const ref = `refs/fanfold/runs/${run?.record().id}/state`;
    const paths = (): Promise<string> => stage.git("ls-tree", "-r", "--name-only", ref);
    const arrived = vi.waitFor(async () => expect(await paths()).toContain("agents/"), {
      timeout: 60_000,
      interval: 200,
    });
    await stage.world.clock.during(arrived, 200);
    held.is = false;
    await stage.restart({ wipe: true });
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(turnsOf(model)).toBe(TURNS + 1);
    expect(await paths()).not.toContain("agents/");
  });

  it("leaves no transcript behind when the run is over", async () => {
    const worker: Actor = () => ({ text: "Nothing to do." });
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    await stage.post("/workflow count-up");
    await stage.settle();
    const names = await readdir(stage.dir, { recursive: true });
    expect(names.filter((name) => name.includes("runs/"))).not.toEqual([]);
    expect(names.filter((name) => name.endsWith("/agents"))).toEqual([]);
  });
});
