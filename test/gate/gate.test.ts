// The gate in front of the provider: limits used up and never stormed, trouble waited out, nobody starved.

import { describe, expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { openGate } from "../../src/gate/gate.ts";
import { createLimitedModel } from "../../src/outside/memory/limited-model.ts";
import {
  byHand,
  caller,
  converse,
  forever,
  freshClock,
  request,
  said,
  speaking,
  untilDone,
} from "./kit.ts";

const soon = (): Promise<void> => new Promise(setImmediate);

describe("a fan-out on a start-tier key", () => {
  it("of 300 agents with 4 turns each loses none, is hardly ever refused, and takes little more than the limits allow", async () => {
    const clock = freshClock();
    const perMinute = { requests: 300, inputTokens: 600_000, outputTokens: 120_000 };
    const model = createLimitedModel({ clock, perMinute, ...speaking });
    const gate = openGate({ model, clock, random: () => 0.5 });
    const began = clock.now();
    const agents = Array.from({ length: 300 }, (_, index) =>
      converse(gate.modelFor(caller()), {
        turns: 4,
        prefixTokens: 4000,
        words: `agent ${index} `.repeat(50),
      }),
    );
    await untilDone(clock, Promise.all(agents));
    const minutes = (clock.now() - began) / 60_000;
    expect(model.taken).toBe(1200);
    expect(model.refused / 1200).toBeLessThanOrEqual(0.01);
    // The first minute's budget is full at the start; the rest comes at the stated rate.
    const bound = (1200 - perMinute.requests) / perMinute.requests;
    expect(minutes / bound).toBeLessThanOrEqual(1.25);
  });
});

describe("a guess of what a turn counts", () => {
  it("is put right when the turn is over, before the provider says so", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: Math.random });
    const first = gate.modelFor(caller()).turn(request(), forever());
    await soon();
    model.open[0]?.hearing.limits?.({
      requests: null,
      inputTokens: null,
      outputTokens: { limit: 3000, remaining: 3000 },
    });
    model.open[0]?.answer({ ...said, usage: { ...said.usage, outputTokens: 2800 } });
    await first;
    void gate.modelFor(caller()).turn(request(), forever());
    await soon();
    expect(model.open).toHaveLength(1);
    await clock.advance(30_000);
    expect(model.open).toHaveLength(2);
  });
});

describe("P69 siblings with the same prefix", () => {
  it("P69 follow the first one when its answer streams, and read what it paid for", async () => {
    const clock = freshClock();
    const model = createLimitedModel({ clock, ...speaking });
    const gate = openGate({ model, clock, random: Math.random });
    const agents = Array.from({ length: 100 }, (_, index) =>
      converse(gate.modelFor(caller()), { turns: 1, prefixTokens: 50_000, words: `part ${index}` }),
    );
    await untilDone(clock, Promise.all(agents));
    expect(model.inputCost / model.uncachedInputCost).toBeLessThanOrEqual(0.13);
  });

  it("P69 wait 5 seconds for a slow first byte, and no longer", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: Math.random });
    const asked = request({ prefixTokens: 1000 });
    for (let n = 0; n < 3; n += 1) void gate.modelFor(caller()).turn(asked, forever());
    await soon();
    await clock.advance(4900);
    expect(model.open).toHaveLength(1);
    await clock.advance(200);
    expect(model.open).toHaveLength(3);
  });

  it.each([
    ["model", { model: "claude-opus-5-5" }],
    ["effort", { effort: "low" as const }],
    ["tools", { tools: [{ name: "t", description: "", inputSchema: {} }] }],
    ["system prompt, which an agent type changes", { system: "x".repeat(4000) }],
  ])("P69 are no siblings when they differ in %s", async (_, other) => {
    const model = byHand();
    const gate = openGate({ model, clock: freshClock(), random: Math.random });
    const asked = request({ prefixTokens: 1000 });
    void gate.modelFor(caller()).turn(asked, forever());
    void gate.modelFor(caller()).turn({ ...asked, ...other }, forever());
    await soon();
    expect(model.open).toHaveLength(2);
  });

  it("P69 of a first one that fails or is aborted get another first one", async () => {
    const model = byHand();
    const gate = openGate({ model, clock: freshClock(), random: Math.random });
    const asked = request({ prefixTokens: 1000 });
    const stop = new AbortController();
    const first = gate.modelFor(caller()).turn(asked, stop.signal);
    for (let n = 0; n < 2; n += 1) void gate.modelFor(caller()).turn(asked, forever());
    await soon();
    expect(model.open).toHaveLength(1);
    stop.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    await soon();
    expect(model.open).toHaveLength(2);
    model.open[1]?.hearing.streaming?.();
    await soon();
    expect(model.open).toHaveLength(3);
  });

  it("P69 need no first one again while the cache is warm, and one when it has gone cold", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: Math.random });
    const ask = async (): Promise<void> => {
      void gate.modelFor(caller()).turn(request({ prefixTokens: 1000 }), forever());
      await soon();
    };
    await ask();
    model.open[0]?.hearing.streaming?.();
    model.open[0]?.answer(said);
    await clock.advance(4 * 60_000);
    await ask();
    await ask();
    expect(model.open).toHaveLength(3);
    await clock.advance(5 * 60_000);
    await ask();
    await ask();
    expect(model.open).toHaveLength(4);
  });
});

describe("a refusal with a time", () => {
  it("holds everybody up, then lets one go alone, then all", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: () => 0 });
    for (let n = 0; n < 3; n += 1) void gate.modelFor(caller()).turn(request(), forever());
    await soon();
    expect(model.open).toHaveLength(3);
    model.open[0]?.fail(new ModelError("rate-limit", "Later.", { retryAfterMs: 30_000 }));
    await soon();
    void gate.modelFor(caller()).turn(request(), forever());
    await clock.advance(29_900);
    expect(model.open).toHaveLength(3);
    await clock.advance(200);
    expect(model.open).toHaveLength(4);
    model.open[3]?.hearing.streaming?.();
    await soon();
    expect(model.open).toHaveLength(5);
  });

  it("is over some time even if an earlier turn is refused while one goes alone", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: () => 0 });
    const ask = (): void => void gate.modelFor(caller()).turn(request(), forever());
    const refuse = (retryAfterMs: number) =>
      new ModelError("rate-limit", "Later.", { retryAfterMs });
    ask();
    ask();
    await soon();
    model.open[0]?.fail(refuse(10_000));
    await soon();
    await clock.advance(10_100);
    expect(model.open).toHaveLength(3);
    // The first try that goes alone is answered after the second turn was refused.
    model.open[1]?.fail(refuse(10_000));
    await soon();
    model.open[2]?.answer(said);
    await soon();
    await clock.advance(10_100);
    expect(model.open).toHaveLength(4);
    model.open[3]?.answer(said);
    ask();
    await soon();
    expect(model.open).toHaveLength(5);
  });

  it("of one model holds no other model up", async () => {
    const model = byHand();
    const gate = openGate({ model, clock: freshClock(), random: Math.random });
    void gate.modelFor(caller()).turn(request(), forever());
    await soon();
    model.open[0]?.fail(new ModelError("rate-limit", "Later.", { retryAfterMs: 30_000 }));
    await soon();
    void gate.modelFor(caller()).turn(request({ model: "claude-opus-5-5" }), forever());
    await soon();
    expect(model.open).toHaveLength(2);
  });
});

describe("P75 a usage limit", () => {
  it.each(["spend-cap", "authentication"] as const)(
    "P75 (%s) is told at once to all who ask, with the time of the next look, which one turn takes for all",
    async (kind) => {
      const clock = freshClock();
      let isHeld = true;
      let tries = 0;
      const model = createLimitedModel({
        clock,
        ...speaking,
        fault: () => {
          tries += 1;
          return isHeld ? new ModelError(kind, "The account is held.") : null;
        },
      });
      const gate = openGate({ model, clock, random: Math.random });
      const ask = (): Promise<unknown> =>
        gate
          .modelFor(caller())
          .turn(request(), forever())
          .then(
            () => "answered",
            (error: unknown) => (error instanceof ModelError ? error.retryAfterMs : error),
          );
      const all = async (): Promise<unknown[]> =>
        await untilDone(clock, Promise.all([ask(), ask(), ask()]));
      const minutes = (count: number): number => count * 60_000;
      expect(await all()).toEqual([minutes(10), minutes(10), minutes(10)]);
      const first = tries;
      await clock.advance(minutes(4));
      const [left] = await all();
      expect(left).toBeLessThanOrEqual(minutes(6));
      expect(tries).toBe(first);
      // Later and later, up to an hour, and one request each time.
      for (const wait of [20, 40, 60, 60]) {
        await clock.advance(minutes(60));
        expect(await all()).toEqual([minutes(wait), minutes(wait), minutes(wait)]);
      }
      expect(tries).toBe(first + 4);
      isHeld = false;
      // Somebody has put the account in order: nobody has to wait for the hour to pass.
      gate.lookAgain();
      expect(await all()).toEqual(["answered", "answered", "answered"]);
    },
  );

  it("P75 finds whoever waits for a place, and forgets the hold with the first answer", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: Math.random });
    const asked = Array.from({ length: 70 }, () =>
      gate
        .modelFor(caller())
        .turn(request(), forever())
        .catch((error: unknown) => error),
    );
    await clock.advance(6000);
    // As many as a fresh key takes at once; the others wait for a place.
    expect(model.open).toHaveLength(64);
    for (const { fail } of model.open) fail(new ModelError("spend-cap", "Held."));
    const ends = await Promise.all(asked);
    expect(ends.every((end) => end instanceof ModelError && end.retryAfterMs !== null)).toBe(true);
    expect(model.open).toHaveLength(64);
    await clock.advance(10 * 60_000);
    const probe = gate.modelFor(caller()).turn(request(), forever());
    await soon();
    model.open[64]?.answer(said);
    await probe;
    void gate.modelFor(caller()).turn(request(), forever());
    void gate.modelFor(caller()).turn(request(), forever());
    await clock.advance(6000);
    expect(model.open).toHaveLength(67);
  });

  it("P75 of requests a minute that lasts a day is a wait no more", async () => {
    const clock = freshClock();
    const fault = (): ModelError => new ModelError("overloaded", "Too busy.");
    const gate = openGate({
      model: createLimitedModel({ clock, ...speaking, fault }),
      clock,
      random: Math.random,
    });
    const turn = gate.modelFor(caller()).turn(request(), forever());
    const failed = turn.catch((error: unknown) => error);
    await soon();
    await clock.advance(24.5 * 60 * 60_000);
    expect(await failed).toMatchObject({ kind: "overloaded" });
  });
});

describe("a turn that breaks on its way", () => {
  it("is tried again, and what broken tries cost is told", async () => {
    const clock = freshClock();
    const model = byHand();
    const spent: unknown[] = [];
    const turn = openGate({ model, clock, random: Math.random })
      .modelFor(caller())
      .turn(request(), forever(), {
        spent: (used) => spent.push(used),
        again: async () => ({ ...request(), maxTokens: 7 }),
      });
    await soon();
    model.open[0]?.fail(new ModelError("network", "Cut.", { usage: said.usage }));
    await soon();
    await clock.advance(2000);
    model.open[1]?.answer(said);
    expect(await turn).toEqual(said);
    expect(spent).toEqual([said.usage]);
    expect(model.open[1]?.request.maxTokens).toBe(7);
  });

  it("where the way to the provider is gone is waited out by one for all, however long it takes", async () => {
    const clock = freshClock();
    let isAway = true;
    let tries = 0;
    const fault = (): ModelError | null => {
      tries += 1;
      return isAway ? new ModelError("network", "No way there.") : null;
    };
    const model = createLimitedModel({ clock, ...speaking, fault });
    const gate = openGate({ model, clock, random: () => 0.5 });
    const agents = Array.from({ length: 30 }, () =>
      gate.modelFor(caller()).turn(request(), forever()),
    );
    const ended = Promise.all(agents);
    await soon();
    await clock.advance(60 * 60_000);
    // All went before the first failure was heard; then one each half minute.
    expect(tries).toBeLessThan(30 + 130);
    isAway = false;
    expect(await untilDone(clock, ended)).toHaveLength(30);
  });

  it("and others with it, beyond what a healthy line loses, holds all until one came through", async () => {
    const clock = freshClock();
    const model = byHand();
    const gate = openGate({ model, clock, random: () => 0 });
    const turns = Array.from({ length: 12 }, () =>
      gate.modelFor(caller()).turn(request(), forever()),
    );
    await clock.advance(6000);
    expect(model.open).toHaveLength(12);
    for (const { hearing } of model.open) hearing.streaming?.();
    for (const { fail } of model.open.slice(0, 12)) fail(new ModelError("network", "Cut."));
    await clock.advance(100);
    // Ten are asked again by themselves; with the eleventh it is the line, and nobody goes.
    const open = model.open.length;
    expect(open).toBeLessThanOrEqual(12 + 10);
    await clock.advance(5_000);
    expect(model.open).toHaveLength(open + 1);
    model.open.at(-1)?.answer(said);
    await soon();
    await clock.advance(6_000);
    expect(model.open).toHaveLength(24);
    for (const { answer } of model.open) answer(said);
    expect(await Promise.all(turns)).toHaveLength(12);
  });

  it("eight times fails with how often it was tried", async () => {
    const clock = freshClock();
    const fault = (): ModelError => new ModelError("stalled", "Nothing came.");
    const model = createLimitedModel({ clock, ...speaking, fault });
    const turn = openGate({ model, clock, random: Math.random })
      .modelFor(caller())
      .turn(request(), forever());
    const failed = turn.catch((error: unknown) => error);
    await untilDone(clock, failed);
    expect(await failed).toMatchObject({
      kind: "stalled",
      message: "Nothing came. It was tried 8 times.",
    });
  });

  it.each(["invalid-request", "context-too-long"] as const)(
    "for what it is (%s) is not tried again",
    async (kind) => {
      const model = byHand();
      const turn = openGate({ model, clock: freshClock(), random: Math.random })
        .modelFor(caller())
        .turn(request(), forever());
      await soon();
      model.open[0]?.fail(new ModelError(kind, "No."));
      await expect(turn).rejects.toMatchObject({ kind, message: "No." });
      expect(model.open).toHaveLength(1);
    },
  );

  it("by an error of ours ends at once and gives its place back", async () => {
    const model = byHand();
    const gate = openGate({ model, clock: freshClock(), random: Math.random });
    const turn = gate.modelFor(caller()).turn(request(), forever());
    await soon();
    model.open[0]?.fail(new TypeError("x is not a function"));
    await expect(turn).rejects.toThrow(TypeError);
    void gate.modelFor(caller()).turn(request(), forever());
    await soon();
    expect(model.open).toHaveLength(2);
  });
});

describe("an unwanted turn", () => {
  it("that waits leaves its place to others", async () => {
    const model = byHand();
    const gate = openGate({ model, clock: freshClock(), random: Math.random });
    for (let n = 0; n < 64; n += 1) void gate.modelFor(caller()).turn(request(), forever());
    const stop = new AbortController();
    const waiting = gate.modelFor(caller()).turn(request(), stop.signal);
    await soon();
    expect(model.open).toHaveLength(64);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    model.open[0]?.answer(said);
    await soon();
    expect(model.open).toHaveLength(64);
  });
});

describe("who goes first when there is one place", () => {
  async function order(asked: Parameters<typeof caller>[0][]): Promise<string[]> {
    const clock = freshClock();
    const perMinute = { requests: 2, inputTokens: 1e9, outputTokens: 1e9 };
    const model = createLimitedModel({ clock, perMinute, ...speaking, firstByteMs: 0, restMs: 0 });
    const gate = openGate({ model, clock, random: () => 0 });
    await untilDone(clock, gate.modelFor(caller()).turn(request(), forever()));
    const went: string[] = [];
    const all = asked.map(async (person, index) => {
      const of = caller(person);
      await gate.modelFor(of).turn(request(), forever());
      went.push(`${of.installation}/${of.run}/${of.role}${index}`);
    });
    await untilDone(clock, Promise.all(all));
    return went;
  }

  it("is shared between installations, whatever each of them asks", async () => {
    const many = Array.from({ length: 4 }, () => ({ installation: 1 }));
    const went = await order([...many, { installation: 2 }, { installation: 3 }]);
    const places = [2, 3].map((installation) =>
      went.findIndex((name) => name.startsWith(String(installation))),
    );
    expect(Math.max(...places)).toBeLessThanOrEqual(2);
  });

  it("is shared between the runs of an installation", async () => {
    const many = Array.from({ length: 4 }, () => ({ run: "wf-a" }));
    const went = await order([...many, { run: "wf-b" }]);
    expect(went.findIndex((name) => name.includes("wf-b"))).toBeLessThanOrEqual(1);
  });

  it("lets what is begun end: synthesis, then reviews, then new work", async () => {
    const went = await order([
      { role: "worker" },
      { role: "worker" },
      { role: "reviewer" },
      { role: "synthesizer" },
    ]);
    expect(went.map((name) => name.split("/")[2])).toEqual([
      "synthesizer3",
      "reviewer2",
      "worker0",
      "worker1",
    ]);
  });
});
