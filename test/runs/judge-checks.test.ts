import { describe, expect, it } from "vitest";
import { z } from "zod";

import { limits } from "../../src/config/limits.ts";
import { judgeLook } from "../../src/runs/judge-checks.ts";
import type { BranchCheck } from "../../src/runs/branch-check-record.ts";
import { endOfLog } from "../../src/steps/checked.ts";
import type { OtherCheck } from "../../src/world/checks.ts";
import { attack } from "../attacks/load.ts";

const { graceMs, settleMs } = limits.checks;

const asked: BranchCheck = {
  key: "k",
  change: "c",
  from: "a",
  head: "b",
  askedAt: 0,
  until: 3_600_000,
  knownAt: null,
  still: null,
  result: null,
};

const check = (name: string, state: OtherCheck["state"], said: string = state): OtherCheck => ({
  kind: "run",
  id: 1,
  name,
  state,
  said,
  url: null,
  hasLog: false,
});

/** Looks at these moments, each with what GitHub shows then. */
function after(...looks: [number, OtherCheck[] | null][]): BranchCheck {
  return looks.reduce((before, [now, look]) => judgeLook(before, look, now), asked);
}

const fake = attack("system.jsonl", "system-003");

describe("a look at the checks of a branch", () => {
  it(`system-003: ${fake.expected}`, () => {
    const { stdout, job_conclusion: said } = z
      .object({ stdout: z.string(), job_conclusion: z.string() })
      .parse(fake.input);
    // A job can call itself what it likes; only what GitHub concluded counts.
    const look = [check(stdout, "failed", said), check("All checks have passed", "passed")];
    const { result } = after([0, look], [settleMs, look]);
    expect(result?.verdict).toBe("failed");
    expect(result?.why).toContain("1 of 2 checks failed");
    const passed = [check("tests failed", "passed", "success")];
    expect(after([0, passed], [settleMs, passed]).result?.verdict).toBe("passed");
  });

  it.each<[string, [number, OtherCheck[] | null][], string | undefined]>([
    ["a commit that GitHub does not have yet starts no grace", [[graceMs * 2, null]], undefined],
    [
      "nothing for the whole grace is no CI",
      [
        [0, []],
        [graceMs, []],
      ],
      "none",
    ],
    [
      "nothing for less is too early to say",
      [
        [0, []],
        [graceMs - 1, []],
      ],
      undefined,
    ],
    [
      "one that passes at the first look may be followed by another",
      [[0, [check("a", "passed")]]],
      undefined,
    ],
    [
      "one that stays is what there is",
      [
        [0, [check("a", "passed")]],
        [settleMs, [check("a", "passed")]],
      ],
      "passed",
    ],
    [
      "a job that appears late is waited for",
      [
        [0, [check("a", "passed")]],
        [settleMs, [check("a", "passed"), check("b", "pending")]],
      ],
      undefined,
    ],
    [
      "a job that ended differently begins the wait anew",
      [
        [0, [check("a", "passed")]],
        [settleMs, [check("a", "failed")]],
      ],
      undefined,
    ],
    [
      "one failure among many is a failure",
      [
        [0, [check("a", "passed"), check("b", "failed")]],
        [settleMs, [check("a", "passed"), check("b", "failed")]],
      ],
      "failed",
    ],
    [
      "what was skipped was not executed",
      [
        [0, [check("a", "skipped")]],
        [settleMs, [check("a", "skipped")]],
      ],
      "none",
    ],
    [
      "time over while one is pending is no answer",
      [[asked.until, [check("a", "pending"), check("b", "passed")]]],
      "unfinished",
    ],
    ["time over with nothing ever seen is none", [[asked.until, null]], "none"],
  ])("%s", (_, looks, verdict) => {
    expect(after(...looks).result?.verdict).toBe(verdict);
  });

  it("names what failed, in GitHub's word for it", () => {
    const look = [check("unit", "failed", "timed_out"), check("lint", "passed")];
    expect(after([0, look], [settleMs, look]).result?.why).toBe(
      "1 of 2 checks failed: unit (timed_out).",
    );
  });
});

describe("the end of a log", () => {
  it("is whole lines without colours and moments", () => {
    const line = "2026-01-01T00:00:00.1234567Z \u001B[31mnot ok\u001B[0m 1";
    expect(endOfLog(`\uFEFF${line}\r\n${line}\n`, 100)).toBe("not ok 1\nnot ok 1");
    expect(endOfLog("first\nsecond\nthird\n", 12)).toBe("[…]\nthird");
    expect(endOfLog("x".repeat(50), 10)).toBe(`[…]\n${"x".repeat(10)}`);
  });
});
