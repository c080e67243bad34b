// A machine with an empty disk and another key: the thread hears why its run does not go on, and it goes on with the right key.

import { describe, expect, it, vi } from "vitest";

import { runMarker } from "../../src/runs/names.ts";
import { type Actor, playedBy } from "./actors.ts";
import { counting } from "./held.ts";
import { openStage, SECRET } from "./stage.ts";

const FILES = {
  "README.md": "numbers\n",
  ".claude/workflows/count.js": counting(2),
  ".github/fanfold.yml": "approval:\n  trusted: [count]\n",
};

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};
const reviewer: Actor = () => ({ finish: { verdict: "accept", findings: [] } });

it("a run whose checkpoint cannot be opened says so in its thread, once, and goes on with the right key", async () => {
  await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
  await stage.post("/workflow count");
  const refs = (): Promise<string> => stage.git("for-each-ref", "--format=%(refname)", "refs/");
  while (!(await refs()).includes("/state")) await stage.world.clock.advance(1_000);
  const id = stage.desk.runs()[0]?.record().id ?? "";
  const broken = (): string[] => stage.said().filter((body) => body.includes("does not go on"));

  for (const _ of ["first", "second"]) {
    await stage.restart({ wipe: true, secret: "quite another secret, long enough as well" });
    expect(stage.desk.runs()).toEqual([]);
    expect(broken()).toEqual([
      expect.stringMatching(
        /sealed with another key.*FANFOLD_CHECKPOINT_KEY.*branches and pull requests stand/su,
      ),
    ]);
  }
  for (const command of ["approve", "status"]) {
    await stage.post(`/workflow ${command}`);
    await stage.world.clock.during(stage.world.clock.sleep(60_000), 1_000);
    expect(stage.said().at(-1)).toContain("of this thread cannot be read here.");
  }
  // The operator's log has it as well; nothing else is there.
  const said = stage.world.log.lines.filter(({ level }) => level === "error");
  expect(new Set(said.map(({ message }) => message))).toEqual(
    new Set(["the checkpoint of an unfinished run cannot be read and is left alone"]),
  );

  await stage.restart({ wipe: true, secret: SECRET });
  await stage.world.clock.during(stage.world.queue.idle(), 200);
  expect(stage.said().find((body) => body.includes(runMarker(id)))).toContain("✅ Completed");
});

it("a record that names a thread without a comment of ours has nothing said there", async () => {
  await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
  await stage.post("/workflow count");
  const refs = (): Promise<string> => stage.git("for-each-ref", "--format=%(refname)", "refs/");
  while (!(await refs()).includes("/state")) await stage.world.clock.advance(1_000);
  const id = stage.desk.runs()[0]?.record().id ?? "";
  await stage.world.clock.during(stage.desk.close(1_000));
  const { comments } = stage.world.github.state;
  for (const own of comments.filter(({ body }) => body.includes(runMarker(id))))
    comments.splice(comments.indexOf(own), 1);
  const before = stage.said();
  await stage.restart({ wipe: true, secret: "quite another secret, long enough as well" });
  expect(stage.said()).toEqual(before);
});

describe("of several processes", () => {
  const files = {
    ...FILES,
    ".claude/workflows/ask.js": `export const meta = { name: 'ask', description: 'Ask first' }
return await approve('Shall it be done?')`,
  };
  const OTHER = "quite another secret, long enough as well";

  async function asked() {
    const stage = await openStage({ files, model: playedBy({ worker }), isFleet: true });
    await stage.post("/workflow ask");
    await stage.settle();
    const id = stage.desk.runs()[0]?.record().id ?? "";
    await stage.restart({ wipe: true, secret: OTHER });
    const broken = (): number =>
      stage.said().filter((body) => body.includes(`Run \`${id}\` does not go on`)).length;
    return { stage, id, broken };
  }

  it("the one that looks after the queue says so of a run that is in none", async () => {
    const { stage, broken } = await asked();
    await using _stage = stage;
    const over = new AbortController();
    const keeping = stage.desk.keep(over.signal);
    await vi.waitFor(async () => {
      await stage.world.clock.advance(1_000);
      expect(broken()).toBe(1);
    }, 20_000);
    over.abort(new Error("The test is over."));
    await keeping;
  });

  it("the one that hears people says so to those who ask", async () => {
    const { stage, id } = await asked();
    await using _stage = stage;
    await stage.post("/workflow status");
    await stage.world.clock.during(stage.world.clock.sleep(60_000), 1_000);
    expect(stage.said().at(-1)).toContain(`Run \`${id}\` of this thread cannot be read here.`);
  });

  it("the one that is handed such a run says so when it has tried for a few minutes", async () => {
    const { stage, id, broken } = await asked();
    await using _stage = stage;
    const { clock, queue, ref } = stage.world;
    await queue.add({ run: id, repository: ref });
    await clock.during(clock.sleep(30_000), 500);
    expect(broken()).toBe(0);
    // Git takes its own time meanwhile.
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(broken()).toBe(1);
    }, 20_000);
  });
});
