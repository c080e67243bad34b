import { array, integer, sample, tuple } from "fast-check";
import { expect, it } from "vitest";

import { contentPace } from "../../../src/outside/github/limits.ts";
import { createPacer } from "../../../src/outside/github/pace.ts";
import { nextStart, type Pace } from "../../../src/quota/pace.ts";
import { createHastyClock } from "./fixture.ts";

const open = (pace: Pace, patienceMs = Number.POSITIVE_INFINITY) => {
  const clock = createHastyClock();
  return { clock, pacer: createPacer({ pace, clock, patienceMs, what: "comments" }) };
};

const pauses = array(integer({ min: 0, max: 700 }), { maxLength: 40 });

it.for(sample(tuple(integer({ min: 1, max: 5 }), integer({ min: 1, max: 1_000 }), pauses), 50))(
  "keeps every window and gap, case %#",
  async ([count, perMs, pauses]) => {
    const { clock, pacer } = open({ gapMs: 10, windows: [{ count, perMs }] });
    const starts: number[] = [];
    for (const pause of pauses) {
      await clock.sleep(pause);
      await pacer.wait("one");
      starts.push(clock.now());
    }
    const apart = (places: number) =>
      starts.slice(places).map((start, index) => start - (starts[index] ?? Number.NaN));
    expect(apart(count).filter((ms) => !(ms >= perMs))).toEqual([]);
    expect(apart(1).filter((ms) => !(ms >= 10))).toEqual([]);
  },
);

it("does not keep anyone waiting when nothing is due", () => {
  expect(nextStart([], contentPace, 5)).toBe(5);
  expect(nextStart([0], contentPace, 60_000)).toBe(60_000);
});

it("lets fifteen contents through in a minute and makes the sixteenth wait for it", async () => {
  const { clock, pacer } = open(contentPace);
  const start = clock.now();
  for (let index = 0; index < 15; index += 1) await pacer.wait("one");
  expect(clock.now() - start).toBe(14_000);
  await pacer.wait("one");
  expect(clock.now() - start).toBe(60_000);
});

it("keeps installations apart", async () => {
  const { clock, pacer } = open({ gapMs: 1_000, windows: [] });
  await pacer.wait("one");
  await pacer.wait("two");
  expect(clock.slept).toEqual([]);
});

it("stops for longer each time GitHub says so, and forgets after an hour of peace", async () => {
  const { clock, pacer } = open({ gapMs: 0, windows: [] });
  const held = async (): Promise<number> => {
    pacer.hold("one", 1_000);
    pacer.hold("one", 1_000);
    const start = clock.now();
    await pacer.wait("one");
    return clock.now() - start;
  };
  expect([await held(), await held(), await held()]).toEqual([60_000, 120_000, 240_000]);
  await clock.sleep(3_600_001);
  expect(await held()).toBe(60_000);
});

it("refuses a long wait at once, says when, and does not use up the place", async () => {
  const { clock, pacer } = open({ gapMs: 0, windows: [{ count: 1, perMs: 600_000 }] }, 120_000);
  await pacer.wait("one");
  await expect(pacer.wait("one")).rejects.toMatchObject({ kind: "limited", retryAfterMs: 600_000 });
  await clock.sleep(600_000);
  await expect(pacer.wait("one")).resolves.toBeUndefined();
});
