// A run's check run: what it shows, and that its buttons and its re-run are the same commands by the same right.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const TWO = `export const meta = { name: 'two', description: 'Two parts' }
const made = await change('Write one.', { label: 'one' })
await review(made, { reviewers: 1, lenses: ['correctness'] })
await combine([made])
const more = await agent('Say more.', { label: 'more' })
return more`;
const FILES = { "a.txt": "a\n", ".claude/workflows/two.js": TWO };

const worker: Actor = ({ task, turn }) => {
  if (task.includes("Say more")) return { text: "More." };
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: "one.txt", content: "1\n" } }] }
    : { finish: { summary: "Write one" } };
};

const checksOf = (stage: Stage) =>
  stage.github.checks.filter(({ externalId }) => /^wf-\w+@\d+$/.test(externalId));
const buttonsOf = (stage: Stage): string[] =>
  checksOf(stage)
    .at(-1)
    ?.actions?.map(({ identifier }) => identifier) ?? [];
const answers = (stage: Stage): string[] =>
  stage.said().filter((body) => body.includes("fanfold:reply="));

const idOf = (check: { id: number } | undefined): number => check?.id ?? 0;

function mustRecord({ desk }: Stage) {
  const [run] = desk.runs();
  if (run === undefined) throw new Error("There is no run.");
  return run.record();
}

/** The same check where the run waited, and one on what it made. */
function mustBeGreenOnBothHeads(stage: Stage, first: { headSha: string } | undefined): void {
  const pull = stage.github.pulls.find(({ base }) => base === "main");
  const shown = checksOf(stage).map(({ headSha, conclusion }) => [headSha, conclusion]);
  expect(shown).toEqual([
    [first?.headSha, "success"],
    [pull?.headSha, "success"],
  ]);
}

describe("the check run of a run", () => {
  it("waits with the plan behind the checkpoint, and is approved by a click of whoever may", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    await stage.post("/workflow two --dry-run");
    await stage.settle();
    const [check] = checksOf(stage);
    const record = mustRecord(stage);
    expect(check).toMatchObject({
      conclusion: "action_required",
      title: "✋ Waiting for a decision: Two parts",
    });
    // No branch of the repository gets a check for a run on an issue.
    expect(await stage.git("for-each-ref", "--contains", String(check?.headSha))).toMatch(
      /refs\/fanfold\/runs\/wf-\w+\/state$/,
    );
    expect(stage.said()[0]).toContain(`or **Approve** in [its check run](${record.check?.url})`);
    const approve = `approve:${record.plan?.hash.slice(0, 12)}`;
    expect(buttonsOf(stage)).toEqual([approve, approve.replace("approve", "reject"), "cancel"]);
    await stage.press(idOf(check), approve, "rob");
    expect(mustRecord(stage).plan).toMatchObject({ started: false });
    await stage.press(idOf(check), null, "eve");
    expect(mustRecord(stage).plan).toMatchObject({ started: false });
    const word = `approve ${record.plan?.hash.slice(0, 8)}`;
    expect(answers(stage)).toEqual([
      expect.stringMatching(/rob: `\/workflow approve` needs/),
      expect.stringContaining(
        `has not ended: it waits for somebody's word, so nothing was started. \`/workflow ${word}\``,
      ),
    ]);
    await stage.press(idOf(check), approve, "eve");
    await stage.settle();
    expect(answers(stage)).toHaveLength(2);
    expect(stage.said()[0]).toMatch(/✅ Completed.*approved by eve/s);
    mustBeGreenOnBothHeads(stage, check);
  });

  it("is there from the first on a pull request, offers what fits a pause, and runs again what failed", async () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const slow: Actor = async (talk) => {
      if (talk.task.includes("Say more")) {
        reached.resolve();
        await released.promise;
      }
      return worker(talk);
    };
    await using stage = await openStage({ files: FILES, model: playedBy({ worker: slow }) });
    await stage.openPull({ "a.txt": "b\n" });
    await stage.post("/workflow two");
    await stage.world.clock.during(reached.promise, 200);
    const head = await stage.git("rev-parse", "topic");
    expect(checksOf(stage)).toMatchObject([{ headSha: head, conclusion: null, actions: [] }]);
    await stage.post("/workflow pause");
    released.resolve();
    await stage.settle();
    expect(checksOf(stage)[0]).toMatchObject({ conclusion: "action_required" });
    expect(buttonsOf(stage)).toEqual(["resume", "land", "cancel"]);
    await stage.press(checksOf(stage)[0]?.id ?? 0, "cancel");
    await stage.settle();
    expect(checksOf(stage)[0]).toMatchObject({ conclusion: "cancelled" });
    expect(buttonsOf(stage)).toEqual(["retry"]);

    const old = checksOf(stage)[0]?.id ?? 0;
    await stage.press(old, null);
    await stage.press(old, null);
    await stage.settle();
    expect(stage.desk.runs()).toHaveLength(2);
    expect(stage.desk.runs()[1]?.record()).toMatchObject({ said: null, status: "completed" });
    const again = checksOf(stage).filter(({ headSha }) => headSha === head);
    expect(again.map(({ conclusion }) => conclusion)).toEqual(["cancelled", "success"]);
  });
});
