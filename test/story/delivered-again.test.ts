// GitHub delivers again what was heard and carried out: after a wiped queue, on a new disk, by a click in its settings.

import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const LOOK = `export const meta = { name: 'look', description: 'Looks' }
return (await repo.files()).length + ' files'`;

const openLooking = (isFleet: boolean): Promise<Stage> =>
  openStage({ files: { ".claude/workflows/look.js": LOOK }, model: playedBy({}), isFleet });

const { startsPerPersonAndHour } = limits.command;

it.each([true, false])(
  "counts a command once towards the limits of an hour, however often it is heard (in a fleet: %s)",
  async (isFleet) => {
    await using stage = await openLooking(isFleet);
    for (let at = 0; at < startsPerPersonAndHour; at++) {
      const comment = await stage.post("/workflow look");
      await stage.settle();
      for (let time = 0; time < 3; time++) await stage.deliver(comment);
    }
    await stage.settle();
    const completed = Array.from({ length: startsPerPersonAndHour }, () =>
      expect.stringContaining("✅ Completed"),
    );
    expect(stage.said()).toEqual(completed);
    await stage.post("/workflow look");
    expect(stage.said().at(-1)).toContain(`You asked for ${startsPerPersonAndHour} runs`);
  },
);

it("does not say of a run that went its way that nothing was started, when it is no longer allowed", async () => {
  await using stage = await openLooking(false);
  const comment = await stage.post("/workflow look");
  await stage.settle();
  const told = stage.said();
  expect(told).toEqual([expect.stringContaining("✅ Completed")]);
  const ada = stage.github.people.get("ada");
  stage.github.people.set("ada", { id: ada?.id ?? 0, role: "read" });
  await stage.deliver(comment);
  expect(stage.said()).toEqual(told);
  const { reactions } = stage.github.comments.find(({ id }) => id === comment) ?? {};
  expect(reactions).toMatchObject([{ content: "+1" }]);
  await stage.post("/workflow look");
  expect(stage.said().at(-1)).toContain("Nothing was started");
});
