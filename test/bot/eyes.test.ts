// Two bots beside each other answer one comment once, whichever of them stands still meanwhile.

import { expect, it } from "vitest";

import { openEyes } from "../../src/bot/eyes.ts";
import { limits } from "../../src/config/limits.ts";
import { createManualClock, type ManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import type { CommentEvent } from "../../src/world/inbox.ts";

const { answerMs, listsLagMs } = limits.publish;

const event: CommentEvent = {
  source: "comment",
  key: "1004",
  place: null,
  repository: { installationId: 1, repositoryId: 2, owner: "acme", name: "app" },
  thread: 1,
  isPullRequest: false,
  comment: {
    id: 1004,
    body: "/workflow status",
    authorId: 3,
    authorLogin: "ada",
    authorType: "User",
    viaApp: false,
  },
  sender: { id: 3, login: "ada", type: "User" },
  delivery: "b1946ac9",
};

const process = (clock: ManualClock, chance: number) =>
  openEyes({ clock, random: () => chance, log: createMemoryLog() });

async function msOf<T>(clock: ManualClock, work: Promise<T>): Promise<{ ms: number; result: T }> {
  const started = clock.monotonic();
  const result = await clock.during(work, 10_000);
  return { ms: clock.monotonic() - started, result };
}

it("lets the first one answer at once", async () => {
  const clock = createManualClock();
  const eyes = process(clock, 0);
  await eyes.open(event, { isFirst: true, at: 0 });
  expect(await eyes.mayAnswer(event)).toBe(true);
  expect(clock.sleepers).toBe(0);
});

it("waits until whoever was before has had its time", async () => {
  const clock = createManualClock();
  const eyes = process(clock, 0.5);
  const { ms } = await msOf(clock, eyes.open(event, { isFirst: false, at: 0 }));
  expect(ms).toBeGreaterThanOrEqual(1.5 * answerMs);
  expect(await eyes.mayAnswer(event)).toBe(true);
});

it("goes on at once with what it had itself, or what its folder's earlier process had", async () => {
  const clock = createManualClock();
  const eyes = process(clock, 0);
  eyes.take(event);
  await eyes.open(event, { isFirst: false, at: 0 });
  await eyes.open(event, { isFirst: false, at: 0 });
  expect(clock.sleepers).toBe(0);
});

it("gives way to whoever took it for dead while it stood still", async () => {
  const clock = createManualClock();
  const frozen = process(clock, 0);
  const waiting = process(clock, 0);
  await frozen.open(event, { isFirst: true, at: 0 });
  await msOf(clock, waiting.open(event, { isFirst: false, at: 0 }));

  const late = await msOf(clock, frozen.mayAnswer(event));
  expect(late.result).toBe(false);
  expect(late.ms).toBeGreaterThanOrEqual(answerMs);
});

it("counts its time from before its sign could be seen, less what lists lag behind", async () => {
  const clock = createManualClock();
  const eyes = process(clock, 0);
  await clock.advance(4_000);
  await eyes.open(event, { isFirst: true, at: 0 });
  await clock.advance(answerMs - listsLagMs - 4_000 - 1);
  expect(await eyes.mayAnswer(event)).toBe(true);
  await clock.advance(1);
  expect((await msOf(clock, eyes.mayAnswer(event))).result).toBe(false);
});
