// A person cancels: it holds across a crash, and what was open is closed with the reason.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'two', description: 'Two changes' }
const first = await change('Write the number 1 into n1.txt', { label: 'number 1' })
await review(first, { reviewers: 1, lenses: ['correctness'] })
await change('Write the number 2 into n2.txt', { label: 'number 2' })
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/two.js": SCRIPT };

const worker: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "n1.txt", content: "1\n" } }] }
    : { finish: { summary: "Write 1" } };

/** A stage on which the first change is done and published, and the second never ends. */
async function openHeld() {
  const gate = Promise.withResolvers<void>();
  const model = playedBy({ worker });
  const inner = model.turn.bind(model);
  model.turn = (request, signal) => {
    if (!JSON.stringify(request.messages[0]).includes("the number 2"))
      return inner(request, signal);
    gate.resolve();
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  };
  const stage = await openStage({ files: FILES, model });
  await stage.post("/workflow two");
  await stage.world.clock.during(gate.promise, 200);
  // Time passes until the first change is shown, so that there is something to close.
  while (stage.github.pulls.length === 0) await stage.world.clock.advance(1_000);
  return stage;
}

describe("a cancelled run", () => {
  it("closes its workers' pull requests and says why", async () => {
    await using stage = await openHeld();
    expect(stage.github.pulls).toMatchObject([{ state: "open" }]);
    await stage.post("/workflow cancel");
    await stage.settle();
    expect(stage.said()[0]).toContain("⏹️ Cancelled");
    expect(stage.github.pulls).toMatchObject([{ state: "closed", merged: false }]);
    expect(stage.github.pulls[0]?.body).toContain("The run was cancelled. **Not folded in**");
  });

  it("stays cancelled when the bot dies right after it said so", async () => {
    await using stage = await openHeld();
    const [run] = stage.desk.runs();
    await stage.desk.grant(
      { repository: stage.world.ref, thread: stage.thread },
      { id: 1, login: "ada" },
      { verb: "cancel", run: null },
    );
    // What a crash leaves is the disk: another process reads it.
    expect(await run?.folder.readRecord()).toMatchObject({ cancel: { by: { login: "ada" } } });
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("Cancelled by ada.");
  });

  it("is found cancelled by the next process when this one never noticed", async () => {
    await using stage = await openHeld();
    const [run] = stage.desk.runs();
    await run?.update({ cancel: { by: { id: 1, login: "ada" }, at: 0 } });
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("⏹️ Cancelled");
    expect(stage.said()[0]).toContain("Cancelled by ada.");
  });
});
