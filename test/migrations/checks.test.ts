import { expect, it } from "vitest";

import { type ChecksWorld, judgeChecks } from "../../src/migrations/checks.ts";
import type { Shard } from "../../src/migrations/state.ts";
import type { OtherCheck } from "../../src/world/checks.ts";

const check = (name: string, said: string): OtherCheck => {
  const state =
    said === "success" ? "passed" : ["queued", "in_progress"].includes(said) ? "pending" : "failed";
  return { kind: "run", id: 1, name, said, state, url: null, hasLog: true };
};

const part = { onto: "old", pendingSince: null, failure: null };

/** What is made of `own`, the checks of the part, beside those of the default branch. */
function judge(
  own: readonly OtherCheck[],
  { base = {}, shard = {}, now = 0 }: Given = {},
): ReturnType<typeof judgeChecks> {
  const world: ChecksWorld = {
    now,
    onto: "new",
    checksOn: async (commit) => base[commit] ?? [],
    forge: { otherChecks: async () => own, endOfCheck: async () => "the end" },
  };
  return judgeChecks(world, { ...part, ...shard }, "sha");
}

interface Given {
  base?: Readonly<Record<string, readonly OtherCheck[]>>;
  shard?: Partial<Pick<Shard, "onto" | "pendingSince" | "failure">>;
  now?: number;
}

it.each(["cancelled", "action_required", "stale", "startup_failure"])(
  "takes %s for what no change mends",
  async (said) => {
    expect(await judge([check("tests", said)])).toMatchObject({
      status: "failing",
      failure: { names: ["tests"], isMendable: false, log: null },
      note: `1 check failed: tests (${said}) (no change mends that).`,
    });
  },
);

it.each(["failure", "timed_out", "error"])("reads the log of %s", async (said) => {
  expect(await judge([check("tests", said), check("lint", "cancelled")])).toMatchObject({
    status: "failing",
    failure: { names: ["tests", "lint"], isMendable: true, log: "the end" },
  });
});

it("waits for what is not over, for a day, and judges by the rest then", async () => {
  const own = [check("tests", "failure"), check("slow", "queued")];
  expect(await judge(own, { now: 5 })).toEqual({ pendingSince: 5 });
  const shard = { pendingSince: 5 };
  expect(await judge(own, { shard, now: 23 * 60 * 60_000 })).toEqual({ pendingSince: 5 });
  expect(await judge(own, { shard, now: 25 * 60 * 60_000 })).toMatchObject({ status: "failing" });
});

it("compares with the commit that the part was built on", async () => {
  const own = [check("tests", "failure")];
  const red = [check("tests", "failure")];
  const unlike = await judge(own, { base: { old: [check("lint", "failure")] } });
  expect(unlike).toMatchObject({ failure: { isMendable: true } });
  expect(await judge(own, { base: { old: red, new: red } })).toMatchObject({
    failure: { isMendable: false },
    note: expect.stringContaining("the default branch fails them as well"),
  });
  expect(await judge(own, { base: { old: red, new: [check("tests", "success")] } })).toBe("anew");
  expect(await judge(own, { base: { old: [check("tests", "queued")] } })).toEqual({
    pendingSince: 0,
  });
});

it("says a failure once", async () => {
  const failure = { names: ["tests"], log: null, isMendable: true };
  expect(await judge([check("tests", "failure")], { shard: { failure } })).toEqual({
    pendingSince: null,
  });
});
