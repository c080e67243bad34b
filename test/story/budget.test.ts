// A run that reaches its cap in money: it waits for more, or publishes what was paid for and says what is missing.

import { describe, expect, it } from "vitest";

import type { TurnRequest } from "../../src/agent/model.ts";
import type { ScriptedModel } from "../../src/outside/memory/model.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const HOUR_MS = 60 * 60_000;

const number = (task: string): string => /the number (\d)/.exec(task)?.[1] ?? "?";

const worker: Actor = ({ task, turn }) => {
  const n = number(task);
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

/** The same, asked by `agent()`: it ends with words. */
const teller: Actor = (talk) => (talk.turn === 0 ? worker(talk) : { text: "Written." });

/** A model whose turns cost what the story says. */
function priced(
  cost: (request: TurnRequest) => number | null,
  played: Actor = worker,
): ScriptedModel {
  const model = playedBy({ worker: played });
  const inner = model.turn.bind(model);
  model.turn = async (request, ...rest) => {
    const turn = await inner(request, ...rest);
    return { ...turn, usage: { ...turn.usage, costUsd: cost(request) } };
  };
  return model;
}

const isWorkersLast = ({ system, messages }: TurnRequest): boolean =>
  system.startsWith("Role: worker") && messages.length > 1;

const rolesAsked = ({ requests }: ScriptedModel): string[] =>
  requests.map(({ system }) => /^Role: (\w+)/.exec(system)?.[1] ?? "");

const saved = (body: string): Record<string, string> => ({
  "README.md": "numbers\n",
  ".claude/workflows/count-up.js": `export const meta = { name: 'count-up', description: 'Count up' }\n${body}`,
});

describe("a run that reaches its cap when its script is done", () => {
  const FILES = saved(`
    for (const n of [1, 2]) await agent('Write the number ' + n + ' into n' + n + '.txt')
    return 'Counted.'`);

  it("opens the final pull request without asking a synthesizer", async () => {
    const model = priced((request) => (isWorkersLast(request) ? 0.5 : 0), teller);
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up --budget $1");
    await stage.settle();
    expect(rolesAsked(model)).not.toContain("synthesizer");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toContain("its description is made of facts alone");
    const final = stage.github.pulls.find(({ base }) => base === "main");
    expect(await stage.git("show", `${final?.head}:n2.txt`)).toBe("2");
  });

  it("counts what it knows although the price of one agent is unknown", async () => {
    const isFirst = (request: TurnRequest): boolean =>
      JSON.stringify(request.messages[0]).includes("the number 1");
    const cost = (request: TurnRequest): number => (isWorkersLast(request) ? 1 : 0);
    const model = priced((request) => (isFirst(request) ? null : cost(request)), teller);
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up --budget $1");
    await stage.settle();
    expect(rolesAsked(model)).not.toContain("synthesizer");
    expect(stage.said()[0]).toContain("✅ Completed");
  });
});

describe("a run that reaches its cap in the middle of its script", () => {
  const FILES = saved(`
    const made = []
    for (const n of [1, 2, 3]) {
      const one = await change('Write the number ' + n + ' into n' + n + '.txt', { label: 'number ' + n })
      await review(one, { reviewers: 1, lenses: ['correctness'] })
      made.push(one)
    }
    return await combine(made)`);

  const open = async (cap = 0.5) => {
    const model = priced((request) => (isWorkersLast(request) ? cap : 0));
    const stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up --budget $1");
    await stage.settle();
    return { stage, model };
  };

  it("pauses, says how to go on, and goes on where it stood when the cap is raised", async () => {
    const { stage, model } = await open();
    await using _stage = stage;
    expect(stage.said()[0]).toContain("⏸️ Paused");
    expect(stage.said()[0]).toContain("cap of $1.00 is reached ($1.00 spent)");
    expect(stage.said()[0]).toContain("`/workflow budget $2`");
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("⏸️ Paused");
    await stage.post("/workflow resume");
    expect(stage.said().at(-1)).toContain("stands at its cap of $1.00");
    await stage.post("/workflow budget $1.50", "rob");
    expect(stage.said().at(-1)).toContain("needs **write**");
    await stage.post("/workflow budget $5000");
    expect(stage.said().at(-1)).toContain("takes an amount");
    await stage.post("/workflow budget +$1");
    expect(stage.said().at(-1)).toContain("is $2.00 now (it was $1.00). It goes on.");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(rolesAsked(model).filter((role) => role === "worker")).toHaveLength(6);
  });

  it("stays paused when the raise is too small, and the settings bound it", async () => {
    const { stage } = await open();
    await using _stage = stage;
    await stage.post("/workflow budget $0.80");
    expect(stage.said().at(-1)).toContain("is $0.80 now");
    // GitHub loses the answer, and the same comment is heard again: it counts once.
    const more = await stage.post("/workflow budget +$0.05");
    expect(stage.said().at(-1)).toContain("is $0.85 now (it was $0.80)");
    stage.github.comments.pop();
    await stage.restart();
    await stage.deliver(more);
    expect(stage.said().at(-1)).toContain("is $0.85 now (it was $0.80)");
    await stage.push({ ".github/fanfold.yml": "budget: { most: 3 }\n" });
    await stage.post("/workflow budget $4");
    expect(stage.said().at(-1)).toContain("above $3.00 (`budget.most`)");
    await stage.settle();
    expect(stage.said()[0]).toContain("⏸️ Paused");
  });

  it("stops at its next agent when the cap is lowered below what is spent", async () => {
    const begun = Promise.withResolvers<void>();
    const door = Promise.withResolvers<void>();
    const held: Actor = async (talk) => {
      if (number(talk.task) === "2" && talk.turn === 0) {
        begun.resolve();
        await door.promise;
      }
      return worker(talk);
    };
    const model = priced((request) => (isWorkersLast(request) ? 0.5 : 0), held);
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up --budget $5");
    await stage.world.clock.during(begun.promise, 200);
    await stage.post("/workflow budget $0.40");
    door.resolve();
    await stage.settle();
    expect(stage.said()[0]).toContain("cap of $0.40 is reached ($0.50 spent)");
    expect(stage.said()[0]).toContain("⏸️ Paused");
  });

  it("publishes what its reviewers accepted, keeps the rest on branches, and says how to go on", async () => {
    const { stage } = await open();
    await using _stage = stage;
    await stage.post("/workflow land");
    await stage.settle();
    const [comment] = stage.said();
    expect(comment).toContain("⚠️ Completed in part");
    expect(comment).toMatch(/`\/workflow retry wf-[0-9a-v]{10}`/);
    expect(comment).toContain("1 change stayed out");
    const final = stage.github.pulls.find(({ base }) => base === "main");
    expect(final).toMatchObject({ draft: true, state: "open" });
    expect(await stage.git("show", `${final?.head}:n1.txt`)).toBe("1");
    expect(await stage.git("ls-tree", "--name-only", final?.head ?? "")).not.toContain("n2.txt");
    const second = stage.github.pulls.find(({ title }) => title.includes("number 2"));
    expect(second).toMatchObject({ merged: false, state: "closed" });
    expect(await stage.git("show", `${second?.head}:n2.txt`)).toBe("2");
  });

  it("ends the same when the bot is stopped while it publishes", async () => {
    const reached = Promise.withResolvers<void>();
    let isHeld = true;
    const model = priced((request) => (isWorkersLast(request) ? 0.5 : 0));
    await using stage = await openStage({
      files: FILES,
      model,
      before: (operation) => {
        if (!isHeld || operation !== "createCommit") return;
        reached.resolve();
        throw new ForgeError("unreachable", "GitHub is away.");
      },
    });
    await stage.post("/workflow count-up --budget $1");
    await stage.settle();
    await stage.post("/workflow land");
    await stage.world.clock.during(reached.promise, 200);
    const asked = model.requests.length;
    await stage.restart();
    isHeld = false;
    await stage.settle();
    expect(model.requests).toHaveLength(asked);
    expect(stage.said()[0]).toContain("⚠️ Completed in part");
    expect(stage.github.pulls.filter(({ base }) => base === "main")).toHaveLength(1);
  });

  it("lands by itself after a day, and says so when there is nothing to publish", async () => {
    const { stage } = await open(1);
    await using _stage = stage;
    await stage.world.clock.advance(23 * HOUR_MS);
    await stage.settle();
    expect(stage.said()[0]).toContain("⏸️ Paused");
    await stage.world.clock.advance(HOUR_MS);
    await stage.settle();
    expect(stage.said()[0]).toContain("❌ Failed");
    expect(stage.said()[0]).toContain("nobody raised it in time");
    expect(stage.said()[0]).toContain("Nothing was folded in");
    expect(stage.github.pulls).toMatchObject([{ state: "closed", merged: false }]);
  });
});

describe("a cap of the day", () => {
  const FILES = {
    ...saved(`
      for (const n of [1, 2]) await agent('Write the number ' + n + ' into n' + n + '.txt')
      return 'Counted.'`),
    ".github/fanfold.yml": "budget:\n  personDay: 1.2\n",
  };

  it("holds over runs and restarts, per person, until the day is over", async () => {
    const model = priced((request) => (isWorkersLast(request) ? 0.5 : 0), teller);
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    await stage.restart();
    stage.openIssue();
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()[1]).toContain(
      "Today's cap for the person who asked of $1.20 is reached ($1.50 spent), so no further agent starts. It begins anew at ",
    );
    expect(stage.said()[1]).toContain("⏸️ Paused");
    stage.openIssue();
    await stage.post("/workflow count-up", "eve");
    await stage.settle();
    expect(stage.said()[2]).toContain("✅ Completed");
    await stage.world.clock.advance(24 * 60 * 60_000);
    await stage.settle();
    expect(stage.said()[1]).toContain("✅ Completed");
  });

  it("may be the operator's, for everything in one installation", async () => {
    const model = priced((request) => (isWorkersLast(request) ? 0.5 : 0), teller);
    await using stage = await openStage({ files: FILES, model, dayBudgetUsd: 0.5 });
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()[0]).toContain("Today's cap for everything Fanfold does here of $0.50");
  });
});
