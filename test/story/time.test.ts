// A run whose time is over: what is finished is published, and the thread says what is missing.

import { expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const FILES = {
  "README.md": "numbers\n",
  ".claude/workflows/count-up.js": `export const meta = { name: 'count-up', description: 'Count up' }
    for (const n of [1, 2, 3]) {
      const made = await change('Write the number ' + n, { label: 'number ' + n })
      await review(made, { reviewers: 1, lenses: ['correctness'] })
    }`,
};

const worker: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] }
    : { finish: { summary: "Write it" } };

it("publishes what is finished, gives up who is at work, and says how to go on", async () => {
  const hangs = Promise.withResolvers<void>();
  const model = playedBy({ worker });
  const turn = model.turn.bind(model);
  model.turn = (request, signal, ...rest) => {
    if (!JSON.stringify(request.messages[0]).includes("the number 2"))
      return turn(request, signal, ...rest);
    hangs.resolve();
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  };
  // Shorter than an agent's own limit, which would end this one as merely lost.
  await using stage = await openStage({ files: FILES, model, scriptMs: 4 * 60_000 });
  await stage.post("/workflow count-up");
  await stage.world.clock.during(hangs.promise, 1);
  await stage.settle();
  const [said = ""] = stage.said();
  expect(said).toContain("⚠️ Completed in part");
  expect(said).toContain("The run's time is over (4 min 0 s).");
  expect(said).toContain("The script did not get to its end.");
  expect(said).toContain("/workflow retry wf-");
  const final = stage.github.pulls.find(({ base }) => base === "main");
  expect(final).toMatchObject({ draft: true, state: "open" });
  expect(await stage.git("show", `${final?.head}:n.txt`)).toBe("1");
});
