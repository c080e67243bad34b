// What an operator sees of a run without reading a thread: how many, how long, how much, and no name.

import { expect, it } from "vitest";
import { z } from "zod";

import { attack } from "../attacks/load.ts";
import { playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SAY = `export const meta = { name: 'say', description: 'Ask two' }
const said = await parallel([() => agent('One'), () => agent('Two')])
return said.join(' ')
`;

const nameless = attack("system.jsonl", "system-014");

it(`${nameless.id}: counts what a run did and leaves out where and for whom`, async () => {
  const { metric_label: label } = z.object({ metric_label: z.string() }).parse(nameless.input);
  const [owner = ""] = label.split("/");
  await using stage = await openStage({
    files: { "README.md": "# Site\n", ".claude/workflows/say.js": SAY },
    model: playedBy({ worker: () => ({ text: "Done." }) }),
  });
  await stage.post("/workflow say");
  await stage.settle();
  expect(stage.said()[0]).toContain("✅ Completed");

  const { counted, timed, stretches } = stage.world.telemetry;
  const sum = (name: string) =>
    counted.filter((told) => told.name === name).reduce((all, { value }) => all + value, 0);
  expect(counted).toContainEqual({
    name: "runs.ended",
    value: 1,
    facts: { status: "completed" },
  });
  const ended = counted.filter(({ name }) => name === "agents.ended");
  expect(ended.map(({ facts }) => facts["outcome"])).toEqual(["answered", "answered"]);
  const turns = counted.filter(({ name }) => name === "turns");
  expect(turns).toHaveLength(2);
  expect(timed.filter(({ name }) => name === "turn")).toHaveLength(2);
  expect(sum("tokens")).toBeGreaterThan(0);
  const run = stage.desk.runs()[0]?.record().id;
  expect(stretches.filter(({ name }) => name === "agent").map((one) => one.run)).toEqual([
    run,
    run,
  ]);
  expect(stretches.filter(({ name }) => name === "turn")).toHaveLength(2);
  expect(stretches.filter(({ name }) => name === "run").at(-1)).toMatchObject({
    run,
    ok: true,
    facts: { status: "completed" },
  });

  const all = JSON.stringify([counted, timed, stretches]);
  expect(stage.world.ref.owner).toBe(owner);
  for (const name of [owner, "site", "ada", "README", "say", "One"])
    expect(all).not.toContain(name);
});
