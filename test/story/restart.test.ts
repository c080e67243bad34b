// A bot that stops in the middle goes on where it stood: on the same disk, and on another machine from the checkpoint.

import { describe, expect, it } from "vitest";

import type { TurnRequest } from "../../src/agent/model.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Three changes, one after the other' }
const made = []
for (const n of [1, 2, 3]) {
  const one = await change('Write the number ' + n + ' into n' + n + '.txt', { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  made.push(one)
}
const { combined } = await combine(made)
return combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const number = (task: string): string => /the number (\d)/.exec(task)?.[1] ?? "?";

/** Which agents were asked for a first turn, by role and number. */
function firstTurns(requests: readonly TurnRequest[]): string[] {
  return requests
    .filter(({ messages }) => messages.length === 1)
    .map(({ system, messages }) => {
      const text = JSON.stringify(messages[0]?.content);
      return `${/^Role: (\w+)/.exec(system)?.[1]} ${number(text)}`;
    });
}

/** Stops the bot as soon as the third worker is asked for the first time. */
async function stopInTheMiddle(wipe: boolean): Promise<{ stage: Stage; asked: () => string[] }> {
  const gate = Promise.withResolvers<void>();
  let isOpen = false;
  const worker: Actor = ({ task, turn }) => {
    const n = number(task);
    if (n === "3" && !isOpen) gate.resolve();
    return turn === 0
      ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
      : { finish: { summary: `Write ${n}` } };
  };
  const model = playedBy({ worker });
  const inner = model.turn.bind(model);
  // The third worker's provider does not answer until the restart.
  model.turn = async (request, signal) => {
    const turn = await inner(request, signal);
    const isThird = JSON.stringify(request.messages[0]).includes("the number 3");
    if (isThird && !isOpen) {
      await new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    }
    return turn;
  };
  const stage = await openStage({ files: FILES, model });
  await stage.post("/workflow count-up");
  await stage.world.clock.during(gate.promise, 200);
  // Until both are pushed, so that another machine has something to go on from.
  while (!(await stage.git("for-each-ref")).includes("number-2"))
    await stage.world.clock.advance(1_000);
  await stage.restart({ wipe });
  isOpen = true;
  await stage.settle();
  return { stage, asked: () => firstTurns(model.requests) };
}

describe.each([
  ["on the same disk", false],
  ["on another machine, from the checkpoint", true],
])("a bot that is stopped and started again %s", (_, wipe) => {
  it("P74 finishes the run, asks no finished agent again, and makes nothing twice", async () => {
    const { stage, asked } = await stopInTheMiddle(wipe);
    await using _stage = stage;
    expect(stage.said()).toHaveLength(1);
    expect(stage.said()[0]).toContain("✅ Completed");
    const count = Object.groupBy(asked(), (agent) => agent);
    expect(count["worker 1"]).toHaveLength(1);
    expect(count["worker 2"]).toHaveLength(1);
    expect(count["reviewer 1"]).toHaveLength(1);
    expect(count["worker 3"]).toHaveLength(2);
    const heads = stage.github.pulls.map(({ head }) => head);
    expect(new Set(heads).size).toBe(heads.length);
    expect(heads).toHaveLength(4);
    const final = stage.github.pulls.find(({ base }) => base === "main");
    for (const n of [1, 2, 3]) {
      expect(await stage.git("show", `${final?.head}:n${n}.txt`)).toBe(String(n));
    }
  });
});

describe("a bot that starts while GitHub does not tell its repositories", () => {
  it("goes on with the runs of its own disk at once", async () => {
    const worker: Actor = ({ turn }) =>
      turn === 0
        ? { tools: [{ name: "write_file", input: { path: "n.txt", content: "1\n" } }] }
        : { finish: { summary: "Write" } };
    const gate = Promise.withResolvers<void>();
    let isHeld = true;
    await using stage = await openStage({
      files: { "README.md": "numbers\n" },
      model: playedBy({ worker }),
      before: () => {
        if (isHeld) gate.resolve();
        if (isHeld) throw new ForgeError("unreachable", "GitHub is away.");
      },
    });
    isHeld = false;
    await stage.post("/workflow fix write n");
    isHeld = true;
    await stage.world.clock.during(gate.promise, 200);
    const silence = Promise.withResolvers<void>();
    stage.world.repositories = async function* () {
      await silence.promise;
      yield stage.world.ref;
    };
    const started = stage.restart();
    isHeld = false;
    try {
      await stage.world.clock.during(until(() => stage.said().some((text) => text.includes("✅"))));
      expect(stage.said()).toHaveLength(1);
    } finally {
      silence.resolve();
      await stage.world.clock.during(started);
    }
    await stage.settle();
    expect(stage.said()).toHaveLength(1);
  });

  const until = async (moment: () => boolean): Promise<void> => {
    while (!moment()) await new Promise((done) => setTimeout(done, 5));
  };
});
