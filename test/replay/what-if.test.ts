// Another cap: what is answered, and in which order, is the journal's word; nothing is waited for, and every cost counts.

import { describe, expect, it } from "vitest";

import type { Call, Performed } from "../../src/engine/call.ts";
import type { KeptRun } from "../../src/replay/kept-run.ts";
import { replayRun } from "../../src/replay/replay.ts";
import { underCap } from "../../src/replay/what-if.ts";
import { answered, costing, endedAs, hands, live, ofHouse, promptOf } from "./lived.ts";

const HOUR = `new Promise((resolve) => setTimeout(() => resolve('timer'), 3_600_000))`;

const begun = (step: string) => ({
  v: 1 as const,
  kind: "call-started" as const,
  key: step,
  step,
  label: null,
  phase: null,
  at: 0,
});

const never = () => new Promise<never>(() => {});

const withOwn = (run: KeptRun, author: number, synthesis: number): KeptRun => ({
  ...run,
  entries: [
    begun("plan:author"),
    ofHouse("plan:author", costing(author)),
    ...run.entries,
    begun("finish:synthesis"),
    ofHouse("finish:synthesis", costing(synthesis)),
  ],
});

describe("another cap for a run", () => {
  it("whose script threw says how it ended", async () => {
    const run = endedAs(await live("await agent('one'); throw new Error('no')"), "failed");
    const { stopped, calls } = await underCap(run, hands, 1);
    expect(stopped).toContain("The script ended with an error: Error: no");
    expect(calls).toBe(1);
  });

  it("whose script hit a border of its sandbox says which", async () => {
    const run = endedAs(await live("await agent('one'); await new Promise(() => {})"), "failed");
    expect((await underCap(run, hands, 1)).stopped).toContain("(deadlock)");
  });

  it("that used another workflow needs no repository", async () => {
    const run = await live("return await workflow('tell')");
    expect((await replayRun(run, hands)).kind).toBe("same");
    expect(await underCap(run, hands, 1)).toMatchObject({ calls: 2, of: 2, stopped: null });
  });

  it("waits for no timer, and the one that won then wins again", async () => {
    const script = `const first = await Promise.race([agent('slow'), ${HOUR}])
      if (first !== 'timer') await agent('what nobody asked then')
      return [first, await agent('last')]`;
    const slow = Promise.withResolvers<Performed>();
    const answer = async (call: Call): Promise<Performed> => {
      if (promptOf(call) === "slow") return await slow.promise;
      slow.resolve(answered("slow"));
      await slow.promise;
      return answered("last");
    };
    const run = await live(script, { answer });
    expect((await replayRun(run, hands)).kind).toBe("same");
    expect(await underCap(run, hands, 1)).toMatchObject({ refused: [], stopped: null });
  });

  it("gives the answers in the order of then", async () => {
    const script = `const first = await Promise.race([agent('slow'), agent('quick')])
      if (first !== 'quick') await agent('what nobody asked then')
      return first`;
    const answer = async (call: Call): Promise<Performed> =>
      promptOf(call) === "slow" ? await never() : answered("quick");
    expect(await underCap(await live(script, { answer }), hands, 1)).toMatchObject({
      stopped: null,
    });
  });

  it("lets what does not hang on a refused call go on", async () => {
    const script = `return await parallel([1, 2, 3].map((n) => async () => {
      const one = await agent('first ' + n)
      return await agent(one + ', then ' + n)
    }))`;
    const answer = async (call: Call): Promise<Performed> =>
      answered(promptOf(call), promptOf(call) === "first 2" ? 5 : 0.1);
    const what = await underCap(await live(script, { answer }), hands, 1);
    expect(what).toMatchObject({ refused: ['agent "first 2"'], calls: 4, of: 6 });
    expect(what.spentUsd).toBeCloseTo(0.4);
    expect(what.stopped).toContain("leaves no room");
  });

  it("comes to its end where the script does not wait for what was refused", async () => {
    const script = `const then = agent('dear').then(() => agent('hangs on it'))
      await agent('cheap'); await agent('late')
      return 1`;
    const answer = async (call: Call): Promise<Performed> =>
      answered(promptOf(call), promptOf(call) === "dear" ? 5 : 0);
    expect(await underCap(await live(script, { answer }), hands, 1)).toMatchObject({
      refused: ['agent "dear"'],
      stopped: null,
    });
  });

  it("counts what its script and its words cost, each where it was asked for", async () => {
    const answer = async () => answered("one", 0.25);
    const run = withOwn(await live("return await agent('one')", { answer }), 0.5, 0.125);
    expect(await underCap(run, hands, 1)).toMatchObject({ spentUsd: 0.875, refused: [] });
    const wordless = await underCap(run, hands, 0.8);
    expect(wordless).toMatchObject({ spentUsd: 0.75, refused: ["synthesizer"], stopped: null });
    const short = await underCap(run, hands, 0.6);
    expect(short).toMatchObject({ spentUsd: 0.5, refused: ['agent "one"'] });
    const none = await underCap(run, hands, 0.01);
    expect(none).toMatchObject({ spentUsd: 0, calls: 0, refused: ["author"] });
    expect(none.stopped).toContain("no room for having the script written");
  });
});

describe("a run that was cancelled while a timer was under way", () => {
  it("has no answer there, and is not waited for", async () => {
    const cancel = new AbortController();
    const living = live(`await agent('one'); return await ${HOUR}`, {
      sleep: async () => {
        cancel.abort();
        throw new Error("The run was cancelled.");
      },
      signal: cancel.signal,
    });
    const run = endedAs(await living, "cancelled");
    expect(run.entries.some(({ step }) => step === "timer")).toBe(true);
    const { kind, why } = await replayRun(run, hands);
    expect({ kind, why }).toEqual({
      kind: "stopped",
      why: "The rest was never answered: the run was ended there.",
    });
    expect((await underCap(run, hands, 1)).stopped).toContain("never answered");
  });
});
