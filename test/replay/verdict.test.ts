// What is said of a run that was gone through again: every end that is not the one of then is told as another one.

import { describe, expect, it } from "vitest";

import type { Call, Performed } from "../../src/engine/call.ts";
import { SandboxFault, ScriptError } from "../../src/engine/errors.ts";
import type { KeptRun } from "../../src/replay/kept-run.ts";
import { replayRun } from "../../src/replay/replay.ts";
import { endingOfError } from "../../src/runs/ending.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { answered, endedAs, hands, live, ofHouse, promptOf, under } from "./lived.ts";

const TWO = "const one = await agent('one'); const two = await agent('two')\n";
const RETURNS = `${TWO}return one + two`;
const THROWS = `${TWO}throw new Error('no')`;
const ASKS_MORE = `${TWO}return await agent('three')`;

/** A run that this ended, in the words that its thread was told. */
const failedBy = async (error: Error, script: string): Promise<KeptRun> =>
  endedAs(await live(script), "failed", endingOfError(error)?.detail);

const kindOf = async (run: KeptRun): Promise<string> => (await replayRun(run, hands)).kind;

describe("a run whose script came to its end", () => {
  it("is the same only where it comes to that end again", async () => {
    const run = await live(RETURNS);
    expect(await replayRun(run, hands)).toMatchObject({ kind: "same", calls: 2 });
    expect(await kindOf(under(run, `${TWO}return two + one`))).toBe("other");
    const threw = await replayRun(under(run, THROWS), hands);
    expect(threw.kind).toBe("other");
    expect(threw.why).toContain("Then the script came to its end, and now it does not.");
    expect(threw.why).toContain("Error: no");
    expect(await kindOf(under(run, ASKS_MORE))).toBe("other");
  });

  it("is known by its status as well, where the script reported by itself", async () => {
    const answer = async (call: Call): Promise<Performed> =>
      call.step === "report"
        ? { outcome: { ok: true, value: null }, record: { kind: "reported", value: 1 } }
        : answered(promptOf(call));
    const lived = endedAs(await live(`await report(1); ${RETURNS}`, { answer }), "completed");
    expect(await kindOf(lived)).toBe("same");
    expect(await kindOf(under(lived, `await report(1); ${ASKS_MORE}`))).toBe("other");
    // It may have failed on the way to GitHub.
    const failed = endedAs(lived, "failed");
    expect(await kindOf(failed)).toBe("same");
  });

  it("is not told to be another one for want of room in the sandbox", async () => {
    const run = await live(RETURNS);
    const stuck = await replayRun(under(run, `${TWO}await new Promise(() => {})`), hands);
    expect(stuck.kind).toBe("unread");
    expect(stuck.why).toContain("The sandbox stopped the script (deadlock)");
  });
});

describe("a run that ended before its script did", () => {
  it("is another one when its script threw then and returns now", async () => {
    const run = await failedBy(new ScriptError("no", null), THROWS);
    expect(await kindOf(run)).toBe("stopped");
    expect(await kindOf(under(run, RETURNS))).toBe("other");
    const stuck = await failedBy(new SandboxFault("deadlock", "Too long."), RETURNS);
    expect(await kindOf(stuck)).toBe("other");
  });

  it("is not told to be another one when GitHub refused something behind its last answer", async () => {
    const run = await failedBy(new ForgeError("forbidden", "Not accessible."), RETURNS);
    expect(await kindOf(run)).toBe("stopped");
  });

  it("is another one when its script was stopped at a cap and now ends otherwise", async () => {
    const answer = async (call: Call) => {
      if (promptOf(call) === "three") return await new Promise<never>(() => {});
      return answered(promptOf(call));
    };
    const cancel = new AbortController();
    const living = live(ASKS_MORE, { answer, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    const cut = endedAs(await living, "degraded");
    const run = { ...cut, entries: [...cut.entries, ofHouse("finish:stopped")] };
    expect(await kindOf(run)).toBe("stopped");
    expect(await kindOf(under(run, RETURNS))).toBe("other");
    expect(await kindOf(under(run, THROWS))).toBe("other");
  });

  it("is not told to be another one when it was cancelled behind its last answer", async () => {
    const run = endedAs(await live(RETURNS), "cancelled");
    expect(await kindOf(run)).toBe("stopped");
  });

  it("is not judged by a script that it never began", async () => {
    const run = { ...endedAs(await live("return 1"), "failed"), entries: [] };
    expect(await kindOf(run)).toBe("stopped");
  });
});

describe("a run that has not ended", () => {
  it("may have all its answers, and its end still to be noted", async () => {
    expect(await kindOf(endedAs(await live(RETURNS), "running"))).toBe("same");
  });
});
