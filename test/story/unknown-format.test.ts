// A run that a newer version wrote, or whose folder was spoiled: its thread hears why nothing goes on, nobody is told that there is no
// run, and it goes on where its checkpoint can be read.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import { runMarker, stateRefOf } from "../../src/runs/names.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { playedBy } from "./actors.ts";
import { pushRecord } from "./newer.ts";
import { openStage } from "./stage.ts";

const ASK = `export const meta = { name: 'ask', description: 'Ask first' }
const { approved } = await approve('Shall it be done?')
return [approved]`;
const ASKING = {
  "README.md": "numbers\n",
  ".claude/workflows/ask.js": ASK,
  ".github/fanfold.yml": "approval:\n  trusted: [ask]\n",
};

/** A run that waits for an answer, on its disk and in its repository. */
async function waiting(isFleet = false) {
  const stage = await openStage({ files: ASKING, model: playedBy({}), isFleet });
  await stage.post("/workflow ask");
  await stage.settle();
  const id = stage.desk.runs()[0]?.record().id ?? "";
  const broken = (): string[] => stage.said().filter((body) => body.includes("does not go on"));
  const { clock } = stage.world;
  const answerTo = async (command: string): Promise<string> => {
    await stage.post(command);
    await clock.during(clock.sleep(60_000), 1_000);
    return stage.said().findLast((body) => body.includes("fanfold:reply=")) ?? "";
  };
  return { stage, id, broken, answerTo };
}

const toFormat2 = (record: string): string => record.replace('"v": 1', '"v": 2');
const NEWER = "written by a newer Fanfold (format 2; this one knows 1)";

describe("a run of a newer version", () => {
  it("says so in its thread, once, and to everybody who asks for it there", async () => {
    const { stage, id, broken, answerTo } = await waiting();
    await using _stage = stage;
    pushRecord(stage, id, toFormat2);
    for (const _ of ["first", "second"]) {
      await stage.restart({ wipe: true });
      expect(stage.desk.runs()).toEqual([]);
      expect(broken()).toEqual([expect.stringContaining(NEWER)]);
      expect(broken()[0]).toContain("nothing is lost. Start the newer version");
    }
    const asking = ["approve", "status", "cancel", `cancel ${id}`, "why", `show ${id}`];
    for (const command of asking) {
      const answer = `${command}: ${await answerTo(`/workflow ${command}`)}`;
      expect(answer).toContain(`Run \`${id}\` of this thread cannot be read here.`);
      expect(answer).toContain(NEWER);
      expect(answer).not.toMatch(/No run|Nothing r|has no run/u);
    }
  });

  it("that has ended is not told to stand still, and is there for whoever asks", async () => {
    const { stage, id, broken, answerTo } = await waiting();
    await using _stage = stage;
    await answerTo("/workflow approve");
    await stage.settle();
    pushRecord(stage, id, toFormat2);
    await stage.restart({ wipe: true });
    expect(broken()).toEqual([]);
    expect(await answerTo("/workflow status")).toContain(NEWER);
  });

  it("is read again once its checkpoint can be", async () => {
    const { stage, id, answerTo } = await waiting();
    await using _stage = stage;
    const before = await stage.git("rev-parse", stateRefOf(id));
    pushRecord(stage, id, toFormat2);
    await stage.restart({ wipe: true });
    await stage.git("update-ref", stateRefOf(id), before);
    await stage.restart({ wipe: true });
    expect(await answerTo("/workflow approve")).toContain("Approved");
  });

  it("whose folder alone is of that version is left to it", async () => {
    const { stage, id, broken } = await waiting();
    await using _stage = stage;
    const path = stage.fileOfRun("run.json");
    const newer = toFormat2(await readFile(path, "utf8"));
    await writeFile(path, newer);
    await stage.restart();
    expect(broken()).toEqual([expect.stringContaining("Its folder on the bot's disk")]);
    expect(broken()[0]).toContain(NEWER);
    expect(stage.world.log.lines).toContainEqual(
      expect.objectContaining({
        message: "the folder on this disk of an unfinished run cannot be read and is left alone",
      }),
    );
    expect(await readFile(path, "utf8")).toBe(newer);
    expect(id).toMatch(/^wf-/u);
  });
});

describe("a run whose folder was spoiled", () => {
  it.each([
    { name: "run.json", text: "", isFleet: false },
    { name: "journal.jsonl", text: "{}\n", isFleet: false },
    { name: "run.json", text: "", isFleet: true },
    { name: "journal.jsonl", text: "{}\n", isFleet: true },
  ])(
    "goes on from its checkpoint: $name, in a fleet: $isFleet",
    async ({ name, text, isFleet }) => {
      const { stage, id, broken, answerTo } = await waiting(isFleet);
      await using _stage = stage;
      const path = stage.fileOfRun(name);
      await writeFile(path, text);
      await stage.restart();
      const { queue, ref, clock, log } = stage.world;
      if (isFleet) await queue.add({ run: id, repository: ref });
      const isSetAside = { message: expect.stringContaining("it was set aside") };
      await vi.waitFor(async () => {
        await clock.advance(1_000);
        expect(log.lines).toContainEqual(expect.objectContaining(isSetAside));
        expect(stage.desk.runs()).toHaveLength(1);
      }, 20_000);
      expect(await readFile(join(dirname(path), "set-aside-1", name), "utf8")).toBe(text);
      expect(broken()).toEqual([]);
      expect(await answerTo("/workflow approve")).toContain(`Run \`${id}\` goes on.`);
      await vi.waitFor(async () => {
        await clock.advance(1_000);
        expect(stage.said().find((body) => body.includes(runMarker(id)))).toContain("✅ Completed");
      }, 20_000);
    },
  );

  it("remembers what was said to it here and no push had told", async () => {
    const { stage, id } = await waiting();
    await using _stage = stage;
    const path = stage.fileOfRun("run.json");
    await stage.world.clock.during(stage.desk.close(1_000));
    const record = RunRecord.parse(JSON.parse(await readFile(path, "utf8")));
    const cancel = { by: record.requester, at: stage.world.clock.now() };
    await writeFile(path, JSON.stringify({ ...record, cancel }));
    await writeFile(stage.fileOfRun("journal.jsonl"), "{}\n");
    await stage.restart();
    await vi.waitFor(async () => {
      await stage.world.clock.advance(1_000);
      expect(stage.said().find((body) => body.includes(runMarker(id)))).toContain("Cancelled");
    }, 20_000);
  });
});

it("a checkpoint that Fanfold did not write in this form says which one to go back to", async () => {
  const { stage, id, broken, answerTo } = await waiting();
  await using _stage = stage;
  pushRecord(stage, id, (record) => record.replace('"status": "waiting"', '"status": "dreaming"'));
  await stage.restart({ wipe: true });
  expect(broken()).toEqual([
    expect.stringMatching(
      /The checkpoint of wf-\w+ cannot be read: .* `git fetch origin \S+ && git log/u,
    ),
  ]);
  expect(await answerTo("/workflow status")).toContain("cannot be read");
});
