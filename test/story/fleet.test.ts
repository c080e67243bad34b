// Several processes of one bot: what is said to one of them reaches whichever drives the run.

import { describe, expect, it, vi } from "vitest";

import type { RunRequest, ThreadRef } from "../../src/command/run-desk.ts";
import { limits } from "../../src/config/limits.ts";
import type { World } from "../../src/world.ts";
import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const files = {
  "a.txt": "a\n",
  ".claude/workflows/sign-off.js": `export const meta = { name: 'sign-off', description: 'Ask first' }
const { approved, by, comment } = await approve('Shall it be done?')
return [approved, by, comment].join(' / ')`,
  ".claude/workflows/look-first.js": `export const meta = { name: 'look-first', description: 'Look, then ask' }
const seen = await agent('Look at a.txt')
const { approved } = await approve('Shall it be done?')
return [seen, approved].join(' / ')`,
  ".claude/workflows/look-often.js": `export const meta = { name: 'look-often', description: 'Look three times' }
for (const n of [1, 2, 3]) await agent('Look at a.txt, ' + n)
return 'Seen.'`,
};
const eve = { id: 3, login: "eve" };

/** One process that drives, and one that hears and drives nothing. */
async function openTwo(model = playedBy({ worker: () => ({ text: "Seen" }) })) {
  const stage = await openStage({ files, model, isFleet: true });
  const listener = await stage.listener();
  return { stage, listener, thread: { repository: stage.world.ref, thread: stage.thread } };
}

/** `/workflow sign-off`, as a process hears it. */
const asked = (thread: ThreadRef): RunRequest => ({
  ...thread,
  isPullRequest: false,
  key: "77",
  said: null,
  place: null,
  requester: eve,
  line: "/workflow sign-off",
  words: ["sign-off"],
  task: "sign-off",
  flags: { budgetUsd: null, maxAgents: null, base: null, hours: null },
  notes: [],
  waitsForApproval: false,
});

/** The process that looks for lost runs does so until the thread's only run was driven and asks. */
async function keepUntilWaiting(stage: Stage, thread: ThreadRef): Promise<void> {
  const over = new AbortController();
  const keeping = stage.desk.keep(over.signal);
  await vi.waitFor(async () => {
    await stage.world.clock.advance(1_000);
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "waiting" }]);
  }, 100_000);
  over.abort(new Error("The test is over."));
  await keeping;
  await stage.settle();
}

/** From now on whoever tells has a clock that is days ahead: what was told stays as if it was told a moment ago. */
function tellAhead(fleet: World["fleet"]): void {
  if (fleet === null) throw new Error("There is no fleet.");
  const tell = fleet.tell.bind(fleet);
  fleet.tell = (one) => tell({ ...one, at: one.at + 10 * 24 * 60 * 60_000 });
}

/** Everything that is in the queue's database. */
async function wipe({ queue, fleet }: World): Promise<void> {
  for (const { run } of await queue.entries()) await queue.drop(run);
  await fleet?.forget(await fleet.told());
}

describe("a bot of several processes", () => {
  it("tells in any of them what another one drives, and takes an approval there", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow sign-off");
    await stage.settle();
    const [seen] = await listener.status(thread);
    expect(seen).toMatchObject({ state: "waiting" });
    const word = { id: null, approved: true, comment: "go on" };
    expect(await listener.decide(thread, eve, word)).toMatchObject({ kind: "decided" });
    await stage.settle();
    expect(stage.said()[0]).toContain("true / eve / go on");
    expect(await listener.status(thread)).toMatchObject([{ state: "completed" }]);
  });

  it("cancels a run at work that another one drives", async () => {
    const model = playedBy({});
    const asked = Promise.withResolvers<void>();
    model.turn = (_, signal) => {
      asked.resolve();
      return new Promise((__, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    };
    const { stage, listener, thread } = await openTwo(model);
    await using _stage = stage;
    await stage.post("/workflow fix it all");
    await stage.world.clock.during(asked.promise, 200);
    expect(await listener.cancelAll(thread.repository, eve)).toHaveLength(1);
    // Both know the run, and one has it in hand: numbers of all processes are added up.
    expect([stage.desk.runs().length, listener.runs().length]).toEqual([1, 1]);
    expect([stage.desk.inHand().length, listener.inHand().length]).toEqual([1, 0]);
    await stage.settle();
    expect([...stage.desk.inHand(), ...listener.inHand()]).toEqual([]);
    expect(stage.said()[0]).toMatch(/Cancelled/);
    expect(stage.said()[0]).toContain("eve");
  });

  it.each(["the process that heard it", "the one that drove the run"])(
    "takes a workflow back that one process saved of another one's run, when %s is told to undo",
    async (where) => {
      const { stage, thread } = await openTwo();
      await using _stage = stage;
      const other = await stage.elsewhere();
      await stage.post("/workflow sign-off");
      await stage.settle();
      const [waiting] = await stage.desk.status(thread);
      const run = waiting?.run ?? "";
      await stage.post(`/workflow approve`);
      await stage.settle();
      await other.post(`/workflow save ${run} tally`);
      await stage.settle();
      const pull = stage.github.pulls.find(({ title }) => title.includes("tally"));
      expect(pull).toMatchObject({ state: "open" });
      const undo = `/workflow undo ${run}`;
      await (where === "the process that heard it"
        ? other.post(undo, "mia")
        : stage.post(undo, "mia"));
      await stage.settle();
      expect(pull).toMatchObject({ state: "closed" });
      const left = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold");
      expect(left).not.toContain("save-tally");
    },
  );

  it("counts what a person starts in an hour, whichever process hears it", async () => {
    const { stage } = await openTwo();
    await using _stage = stage;
    const other = await stage.elsewhere();
    // Counted and not begun: the name is misspelt.
    const slip = "/workflow sign-of";
    for (let count = 0; count < limits.command.startsPerPersonAndHour; count += 2) {
      await stage.post(slip);
      await other.post(slip);
    }
    expect(stage.said().at(-1)).toContain("sign-off");
    await other.post("/workflow sign-off");
    expect(stage.said().at(-1)).toMatch(/You asked for 10 runs .* within an hour/u);
    expect(await stage.desk.list(stage.world.ref)).toEqual([]);
  });

  it("drives a run that was begun where nothing is driven, once", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    const request = asked(thread);
    await listener.start(request);
    await stage.settle();
    // The same comment may be delivered to another process.
    await stage.desk.start(request);
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "waiting" }]);
    expect(stage.said().filter((body) => body.includes("Waiting for a decision"))).toHaveLength(1);
  });

  it("goes on from the checkpoint with a run that it never heard of before the queue named it", async () => {
    let turns = 0;
    const model = playedBy({ worker: () => ({ text: `Seen ${(turns += 1)}` }) });
    const { stage, thread } = await openTwo(model);
    await using _stage = stage;
    await stage.post("/workflow look-first");
    await stage.settle();
    const [waiting] = await stage.desk.status(thread);
    const run = waiting?.run ?? "";
    // A process on a folder that knows nothing, and a queue that knows one run.
    await stage.restart({ wipe: true });
    expect(stage.desk.runs()).toEqual([]);
    await stage.world.queue.add({ run, repository: stage.world.ref });
    await stage.settle();
    expect(stage.desk.runs().map((each) => each.record().id)).toEqual([run]);
    const word = { id: null, approved: true, comment: "go on" };
    expect(await stage.desk.decide(thread, eve, word)).toMatchObject({ kind: "decided" });
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ run, state: "completed" }]);
    expect(stage.said()[0]).toContain("Seen 1 / true");
    expect(turns).toBe(1);
  });

  it("finds a run again that the queue has lost, and forgets what is no run", async () => {
    const { stage, thread } = await openTwo();
    await using _stage = stage;
    const { queue, clock } = stage.world;
    await stage.post("/workflow sign-off");
    await stage.settle();
    const [waiting] = await stage.desk.status(thread);
    await queue.drop(waiting?.run ?? "");
    const sleeping = { delayMs: 60 * 60_000 };
    await queue.add({ run: "wf-0000000000", repository: stage.world.ref }, sleeping);
    const over = new AbortController();
    const keeping = stage.desk.keep(over.signal);
    await vi.waitFor(async () => {
      await clock.advance(100);
      expect((await queue.entries()).map(({ run }) => run)).toEqual([waiting?.run]);
    }, 60_000);
    over.abort(new Error("The test is over."));
    await keeping;
    await clock.advance(60_000);
    await stage.settle();
    // It was driven, and waits as before: nobody is asked twice.
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "waiting" }]);
    expect(stage.said().filter((body) => body.includes(":question="))).toHaveLength(1);
  });

  it("drives a run that nobody had driven when the whole queue was lost", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    const { queue } = stage.world;
    stage.desk.pause();
    await listener.start(asked(thread));
    const [waiting] = await queue.entries();
    await wipe(stage.world);
    expect(await queue.entries()).toEqual([]);
    queue.resume();
    await keepUntilWaiting(stage, thread);
    expect(stage.desk.runs().map((each) => each.record().id)).toEqual([waiting?.run]);
    expect(stage.said().filter((body) => body.includes(":question="))).toHaveLength(1);
  });

  it("drives a run whose process was lost, with its disk, before the queue named it", async () => {
    const { stage, thread } = await openTwo();
    await using _stage = stage;
    const { queue } = stage.world;
    const lost = vi.spyOn(queue, "add").mockResolvedValue();
    const other = await stage.listener();
    await other.start(asked(thread));
    await other.close(0);
    lost.mockRestore();
    // Its comment is delivered again, and this process has heard of the run.
    expect(await stage.desk.start(asked(thread))).toBe("known");
    expect(await queue.entries()).toEqual([]);
    await keepUntilWaiting(stage, thread);
    expect(stage.desk.runs()).toHaveLength(1);
    expect(stage.said().filter((body) => body.includes(":question="))).toHaveLength(1);
  });

  it("forgets what was told of a run when its checkpoint holds it", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    const { fleet } = stage.world;
    tellAhead(fleet);
    await listener.start(asked(thread));
    expect(await fleet?.told()).toHaveLength(1);
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "waiting" }]);
    expect(await fleet?.told()).toEqual([]);
    expect(await listener.cancelAll(thread.repository, eve)).toHaveLength(1);
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "cancelled" }]);
    expect(await fleet?.told()).toEqual([]);
  });

  it("hears what was said in the last moment before its driver let go of a run", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    const { fleet, log, queue, ref } = stage.world;
    await stage.post("/workflow sign-off");
    await stage.settle();
    const [waiting] = await listener.status(thread);
    const run = waiting?.run ?? "";
    const stops = (): number =>
      log.lines.filter(({ message }) => message === "stopped driving a run").length;
    const before = stops();
    if (fleet === null) throw new Error("There is no fleet.");
    const told = fleet.told.bind(fleet);
    fleet.told = async (id) => (id !== undefined && stops() === before ? [] : await told(id));
    const word = { id: null, approved: true, comment: "go on" };
    expect(await listener.decide(thread, eve, word)).toMatchObject({ kind: "decided" });
    await queue.add({ run, repository: ref });
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "completed" }]);
  });

  it("goes on each time that its cap is raised elsewhere, however soon it is spent", async () => {
    const model = playedBy({ worker: () => ({ text: "Seen" }) });
    const inner = model.turn.bind(model);
    model.turn = async (...given) => {
      const turn = await inner(...given);
      return { ...turn, usage: { ...turn.usage, costUsd: 1 } };
    };
    const { stage, listener, thread } = await openTwo(model);
    await using _stage = stage;
    tellAhead(stage.world.fleet);
    await stage.post("/workflow look-often --budget $1");
    await stage.settle();
    const outcomes: unknown[] = [];
    for (const usd of [2, 3]) {
      const change = { kind: "to", usd } as const;
      const wish = { verb: "budget", run: null, change, mostUsd: 50, key: `raise-${usd}` } as const;
      outcomes.push(await listener.grant(thread, eve, wish));
      await stage.settle();
    }
    const raised = [2, 3].map((to) => ({ kind: "cap", from: to - 1, to, goesOn: true }));
    expect(outcomes).toMatchObject(raised);
    expect(await listener.status(thread)).toMatchObject([{ state: "completed" }]);
  });

  it("finds a lost run within a minute while the look at all repositories goes on", async () => {
    const { stage, thread } = await openTwo();
    await using _stage = stage;
    const { queue, clock, ref } = stage.world;
    await stage.post("/workflow sign-off");
    await stage.settle();
    const [waiting] = await stage.desk.status(thread);
    await queue.drop(waiting?.run ?? "");
    const over = new AbortController();
    stage.world.repositories = async function* () {
      await clock.sleep(24 * 60 * 60_000, over.signal).catch(() => undefined);
      yield ref;
    };
    await stage.restart({ wipe: true });
    // Of another run of the repository, so that it is one in which runs are known.
    const other = { run: "wf-0000000000", repository: ref };
    await stage.world.queue.add(other, { delayMs: 60 * 60_000 });
    const keeping = stage.desk.keep(over.signal);
    await vi.waitFor(async () => {
      await clock.advance(100);
      const queued = (await stage.world.queue.entries()).map(({ run }) => run);
      expect(queued).toEqual([waiting?.run]);
    }, 60_000);
    over.abort(new Error("The test is over."));
    await keeping;
  });

  it("finds a lost run beside a checkpoint that no key opens", async () => {
    const { stage, thread } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow sign-off");
    await stage.settle();
    const [waiting] = await stage.desk.status(thread);
    await stage.git("update-ref", "refs/fanfold/runs/wf-0000000000/state", "refs/heads/main");
    // A process on a folder that knows nothing, and an empty queue.
    await stage.restart({ wipe: true });
    const { queue, clock } = stage.world;
    const over = new AbortController();
    const keeping = stage.desk.keep(over.signal);
    await vi.waitFor(async () => {
      await clock.advance(100);
      expect((await queue.entries()).map(({ run }) => run)).toEqual([waiting?.run]);
    }, 20_000);
    over.abort(new Error("The test is over."));
    await keeping;
  });
});
