// Two bots beside each other answer one comment once, whichever of them stands still meanwhile.

import { expect, it } from "vitest";

import { type Hands, openEyes } from "../../src/bot/eyes.ts";
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
  const result = await clock.during(work, 1_000);
  return { ms: clock.monotonic() - started, result };
}

/** The reactions to one comment, as GitHub keeps them: one pair of eyes at a time. */
function openComment(first: number | null = null): Hands & { eyes: () => number | null } {
  let eyes = first;
  let last = first ?? 0;
  return {
    eyes: () => eyes,
    put: async () => {
      const isNew = eyes === null;
      eyes ??= ++last;
      return { id: eyes, isNew };
    },
    takeAway: async (id) => {
      const isThere = eyes === id;
      if (isThere) eyes = null;
      return isThere;
    },
  };
}

/** One process had the comment, and another one took its place. */
async function replaced() {
  const clock = createManualClock();
  const comment = openComment();
  const [one, other] = [process(clock, 0), process(clock, 0)];
  await one.open(event, comment);
  await msOf(clock, other.open(event, comment));
  return { clock, comment, one };
}

it("lets the first one answer at once", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment()];
  await eyes.open(event, comment);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
  expect(clock.sleepers).toBe(0);
  expect(eyes.close(event)).toBe(comment.eyes());
});

it("waits until whoever was before has had its time, and takes its place", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0.5), openComment(7)];
  const { ms } = await msOf(clock, eyes.open(event, comment));
  expect(ms).toBeGreaterThanOrEqual(1.5 * answerMs);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
  expect(comment.eyes()).toBe(8);
});

it("goes on at once with what it had itself, or what its folder's earlier process had", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment(7)];
  eyes.take(event);
  await eyes.open(event, comment);
  await clock.advance(3 * answerMs);
  await eyes.open(event, comment);
  expect(clock.sleepers).toBe(0);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
  expect(eyes.close(event)).toBe(comment.eyes());
});

it("waits for whoever took its place before it tries once more", async () => {
  const { clock, comment, one } = await replaced();
  const again = await msOf(clock, one.open(event, comment));
  expect(again.ms).toBeGreaterThanOrEqual(answerMs);
  expect(one.close(event)).toBe(comment.eyes());
});

it("is not taken for dead by whoever waits for it while it tries once more", async () => {
  const clock = createManualClock();
  const comment = openComment();
  const [one, other] = [process(clock, 0), process(clock, 0)];
  await one.open(event, comment);
  await clock.advance(3 * answerMs);
  const waiting = msOf(clock, other.open(event, comment));
  await one.open(event, comment);
  expect((await waiting).ms).toBeGreaterThanOrEqual(2 * answerMs);
});

it("waits for whoever has it where GitHub does not say who took its own eyes away", async () => {
  const { clock, comment, one } = await replaced();
  const isUnsure = async () => null;
  const late = await msOf(clock, one.mayAnswer(event, { ...comment, takeAway: isUnsure }));
  expect(late.ms).toBeGreaterThanOrEqual(answerMs);
});

it("lets one of two alone take the place of one that died, and the other one wait for it", async () => {
  const clock = createManualClock();
  const comment = openComment(7);
  const [one, other] = [process(clock, 0.4), process(clock, 0.41)];
  const first = msOf(clock, one.open(event, comment));
  const second = msOf(clock, other.open(event, comment));
  expect((await first).ms).toBeLessThan(2 * answerMs);
  expect((await second).ms).toBeGreaterThanOrEqual(2 * 1.4 * answerMs);
});

it("looks at lists a while later where whoever it waited for is done", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment(7)];
  const opened = msOf(clock, eyes.open(event, comment));
  await comment.takeAway(7);
  expect((await opened).ms).toBeGreaterThanOrEqual(answerMs + listsLagMs);
});

it("waits once where GitHub does not say who has it", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment(7)];
  const opened = msOf(clock, eyes.open(event, { ...comment, takeAway: async () => null }));
  expect((await opened).ms).toBeLessThan(1.5 * answerMs);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
});

it("gives way to whoever took it for dead while it stood still", async () => {
  const { clock, comment, one } = await replaced();
  const late = await msOf(clock, one.mayAnswer(event, comment));
  expect(late.result).toBe(false);
  expect(late.ms).toBeGreaterThanOrEqual(answerMs);
});

it("is late at its own comment, and goes on at once where nobody took its place", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment()];
  await eyes.open(event, comment);
  await clock.advance(3 * answerMs);
  const late = await msOf(clock, eyes.mayAnswer(event, comment));
  expect(late.result).toBe(false);
  expect(late.ms).toBeLessThan(answerMs);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
});

it("counts its time from before its sign could be seen, less what lists lag behind", async () => {
  const clock = createManualClock();
  const [eyes, comment] = [process(clock, 0), openComment()];
  const slowly = async () => {
    await clock.sleep(4_000);
    return await comment.put();
  };
  await msOf(clock, eyes.open(event, { ...comment, put: slowly }));
  await clock.advance(answerMs - listsLagMs - clock.monotonic() - 1);
  expect(await eyes.mayAnswer(event, comment)).toBe(true);
  await clock.advance(1);
  expect((await msOf(clock, eyes.mayAnswer(event, comment))).result).toBe(false);
});
