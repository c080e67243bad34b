// How long a driver that takes a run over waits before it looks for what the last one made.

import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { unlistedMs } from "../../src/runs/drive-alone.ts";

const { listsLagMs } = limits.publish;

it("It waits as long as GitHub's lists may be behind, whenever it was asked, where only time keeps others away", () => {
  expect(unlistedMs({ isExclusive: false, since: 0 }, 60_000)).toBe(listsLagMs);
});

it("It counts from the moment in which the queue's lock of the last one was over", () => {
  expect(unlistedMs({ isExclusive: true, since: 1_000 }, 1_000)).toBe(listsLagMs);
  expect(unlistedMs({ isExclusive: true, since: 1_000 }, 3_000)).toBe(listsLagMs - 2_000);
  expect(unlistedMs({ isExclusive: true, since: 1_000 }, 60_000)).toBe(0);
});
