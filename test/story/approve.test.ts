// A script asks people: they decide hours later, and the run holds nothing while it waits.

import { describe, expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage, SECRET, type Stage } from "./stage.ts";

const saved = (body: string): Record<string, string> => ({
  "a.txt": "a\n",
  ".claude/workflows/sign-off.js": `export const meta = { name: 'sign-off', description: 'Ask first' }\n${body}`,
});
const ONE = saved(`
const before = await agent('Look at it.')
const { approved, by, comment } = await approve('Shall **it** be done?')
return [before, approved, by, comment].join(' / ')`);

const worker = () => ({ text: "Seen" });
const DAY_MS = 24 * 60 * 60_000;

async function waiting(files: Readonly<Record<string, string>>) {
  const model = playedBy({ worker });
  const stage = await openStage({ files, model });
  await stage.post("/workflow sign-off");
  await stage.settle();
  return { stage, model };
}

const question = (stage: Stage): string[] =>
  stage.said().filter((body) => body.includes(":question="));
const idIn = (text = ""): string => /q-[0-9a-f]{6}/.exec(text)?.[0] ?? "";

describe("a run that asks", () => {
  it("waits without a place in the queue, and goes on with the decision", async () => {
    const { stage, model } = await waiting(ONE);
    await using _stage = stage;
    expect(stage.said()[0]).toContain("✋ Waiting for a decision");
    expect(question(stage)[0]).toMatch(/the run waits for a decision.*> Shall \*\*it\*\* be done/s);
    await stage.post("/workflow status");
    expect(stage.said().at(-1)).toMatch(/\| waiting \|.*waits for a decision on q-/);
    await stage.world.clock.advance(3 * DAY_MS);
    await stage.post("/workflow approve looks good to me");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toContain("Seen / true / ada / looks good to me");
    expect(question(stage)).toHaveLength(1);
    expect(question(stage)[0]).toContain("✅ Approved by ada");
    expect(model.requests).toHaveLength(1);
  });

  it("hears a no, given with the id", async () => {
    const { stage } = await waiting(ONE);
    await using _stage = stage;
    await stage.post(`/workflow reject ${idIn(question(stage)[0])} not now`);
    await stage.settle();
    expect(stage.said()[0]).toContain("Seen / false / ada / not now");
    await stage.post(`/workflow approve ${idIn(question(stage)[0])}`);
    expect(stage.said().at(-1)).toMatch(/not open any more: ada decided \(not approved\)/);
  });

  it("is not answered by somebody without write access", async () => {
    const { stage } = await waiting(ONE);
    await using _stage = stage;
    await stage.post("/workflow approve", "rob");
    await stage.settle();
    expect(stage.said().at(-1)).toMatch(/approve` needs \*\*write\*\*/);
    expect(stage.said()[0]).toContain("✋ Waiting");
  });

  it.each([
    ["the same disk", false],
    ["another disk", true],
  ])("survives a restart of the bot on %s, and asks once", async (_, wipe) => {
    const { stage, model } = await waiting(ONE);
    await using _stage = stage;
    await stage.restart({ wipe });
    await stage.settle();
    expect(stage.said()[0]).toContain("✋ Waiting");
    await stage.post("/workflow approve");
    await stage.settle();
    expect(stage.said()[0]).toContain("Seen / true / ada");
    expect(question(stage)).toHaveLength(1);
    expect(model.requests).toHaveLength(1);
  });

  it("goes on from its checkpoint when the key that sealed it is gone, if it was started with both before", async () => {
    const { stage, model } = await waiting(ONE);
    await using _stage = stage;
    const next = "the-next-secret-of-the-bot-in-these-stories";
    await stage.restart({ secret: [next, SECRET] });
    await stage.settle();
    await stage.restart({ secret: next, wipe: true });
    await stage.settle();
    expect(stage.said()[0]).toContain("✋ Waiting");
    await stage.post("/workflow approve");
    await stage.settle();
    expect(stage.said()[0]).toContain("Seen / true / ada");
    expect(model.requests).toHaveLength(1);
  });

  it("takes no answer for a no when a week has passed", async () => {
    const { stage } = await waiting(ONE);
    await using _stage = stage;
    await stage.world.clock.advance(7 * DAY_MS);
    await stage.settle();
    expect(stage.said()[0]).toContain("expired");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(question(stage)[0]).toContain("⌛");
  });

  it("with two open questions wants to know which is meant", async () => {
    const { stage } = await waiting(
      saved(
        `const [a, b] = await parallel([() => approve('First?'), () => approve('Second?')])\nreturn a.approved + ', ' + b.approved`,
      ),
    );
    await using _stage = stage;
    await stage.post("/workflow approve");
    expect(stage.said().at(-1)).toMatch(/do not guess.*First\?.*Second\?/s);
    const second = question(stage).find((body) => body.includes("Second?"));
    await stage.post(`/workflow approve ${idIn(second)}`);
    await stage.settle();
    expect(stage.said()[0]).toContain("✋ Waiting");
    await stage.post("/workflow reject");
    await stage.settle();
    expect(stage.said()[0]).toContain("false, true");
  });

  it("can be cancelled while it waits", async () => {
    const { stage } = await waiting(ONE);
    await using _stage = stage;
    await stage.post("/workflow cancel");
    await stage.settle();
    expect(stage.said()[0]).toContain("⏹️ Cancelled");
    await stage.post("/workflow approve");
    expect(stage.said().at(-1)).toContain("nothing to decide");
  });
});
