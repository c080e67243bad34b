// Several processes of one bot: what is said to one of them reaches whichever drives the run.

import { describe, expect, it, vi } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const files = {
  "a.txt": "a\n",
  ".claude/workflows/sign-off.js": `export const meta = { name: 'sign-off', description: 'Ask first' }
const { approved, by, comment } = await approve('Shall it be done?')
return [approved, by, comment].join(' / ')`,
  ".claude/workflows/look-first.js": `export const meta = { name: 'look-first', description: 'Look, then ask' }
const seen = await agent('Look at a.txt')
const { approved } = await approve('Shall it be done?')
return [seen, approved].join(' / ')`,
};
const eve = { id: 3, login: "eve" };

/** One process that drives, and one that hears and drives nothing. */
async function openTwo(model = playedBy({ worker: () => ({ text: "Seen" }) })) {
  const stage = await openStage({ files, model, isFleet: true });
  const listener = await stage.listener();
  return { stage, listener, thread: { repository: stage.world.ref, thread: stage.thread } };
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

  it("drives a run that was begun where nothing is driven, once", async () => {
    const { stage, listener, thread } = await openTwo();
    await using _stage = stage;
    const request = {
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
    };
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
});
