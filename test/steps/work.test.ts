// Workers as a script asks for them: what was paid is kept whatever became of it, and names tell all workers apart.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";

import { checkBranch } from "../../src/repo/refs.ts";
import { workerIdOf } from "../../src/steps/made-change.ts";
import { openBench } from "../repo/kit.ts";
import { heard, lost, openSteps, usage, writing } from "./kit.ts";

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench({ "a.js": "a\n", "b.js": "b\n" });
});
afterAll(() => bench[Symbol.asyncDispose]());

const WORKFLOW = ".github/workflows/ci.yml";

it.each(["agent", "change"])(
  "%s() keeps the receipt of a worker whose edits were refused, and the log says why",
  async (step) => {
    const desk = await openSteps(bench, writing(WORKFLOW, "on: push\n"));
    const performed = await desk.ask(step, { prompt: "Do it." }, "sly");
    expect(heard(performed)).toBeNull();
    expect(performed.usage).toMatchObject({ outputTokens: 10, costUsd: 0.25 });
    expect(performed.record).toMatchObject({
      agents: [{ label: "sly", failure: expect.stringContaining(WORKFLOW), usage }],
    });
    expect(desk.logs).toEqual([expect.stringContaining(`sly: It touched ${WORKFLOW}`)]);
    expect(desk.context.ledger.folds).toEqual([]);
  },
);

it("revise() keeps the receipt of a worker whose edits were refused", async () => {
  let path = "a.js";
  const desk = await openSteps(bench, (task) => writing(path, "new\n")(task));
  const change = heard(await desk.ask("change", { prompt: "Do it." }));
  path = WORKFLOW;
  const performed = await desk.ask("revise", { change, findings: [] });
  expect(heard(performed)).toBeNull();
  expect(performed.record).toMatchObject({
    kind: "unchanged",
    reason: expect.stringContaining(WORKFLOW),
    agents: [{ failure: expect.stringContaining("protected-paths") }],
  });
});

it("P22 agent() resolves to null when its agent is lost, and what it cost is counted", async () => {
  const desk = await openSteps(bench, () => lost);
  const performed = await desk.ask("agent", { prompt: "Do it." });
  expect(heard(performed)).toBeNull();
  expect(performed.usage?.costUsd).toBe(0.25);
});

it("names a thousand workers of one label apart, and legally", async () => {
  const digest = (n: number): string => `${"0".repeat(6)}${n.toString(16).padStart(14, "0")}`;
  const ids = Array.from({ length: 1000 }, (_, n) =>
    workerIdOf({ key: `${digest(n)}.1`, step: "change", label: "src/a.js" }),
  );
  expect(new Set(ids).size).toBe(1000);
});

it("names no two calls alike, whatever their labels are", () => {
  const key = fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }), fc.integer({ min: 1, max: 2000 }))
    .map(([digest, times]) => `${digest.toString(16).padStart(20, "0")}.${times}`);
  const call = fc.record({ key, step: fc.constant("change"), label: fc.string({ maxLength: 60 }) });
  fc.assert(
    fc.property(call, call, (one, other) => {
      const [first, second] = [workerIdOf(one), workerIdOf(other)];
      expect(checkBranch(`fanfold/wf-test/${first}`)).toContain(first);
      expect(one.key !== other.key && first === second).toBe(false);
    }),
  );
});
