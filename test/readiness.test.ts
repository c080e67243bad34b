// Whether a process should be sent anything.

import { expect, it } from "vitest";

import { createManualClock } from "../src/outside/memory/clock.ts";
import { queueByState } from "../src/open-telemetry.ts";
import { createReadiness } from "../src/readiness.ts";

const nothing = { waiting: 0, sleeping: 0, driven: 0 };

it("is ready while its queue answers, and not any more once it is being stopped", async () => {
  const stopping = new AbortController();
  const unready = createReadiness({
    clock: createManualClock(),
    queue: { depth: async () => nothing },
    stopping: stopping.signal,
  });
  expect(await unready()).toBeNull();
  stopping.abort();
  expect(await unready()).toContain("being stopped");
});

it.each([
  ["refuses", () => Promise.reject(new Error("redis://secret@host is away"))],
  ["is silent", () => new Promise<typeof nothing>(() => {})],
])("is not ready while its queue %s, and says nothing of where that is", async (_, depth) => {
  const clock = createManualClock();
  const stopping = new AbortController();
  const unready = createReadiness({ clock, queue: { depth }, stopping: stopping.signal });
  const asked = unready();
  await clock.advance(1_000);
  expect(await asked).toContain("cannot be reached");
  expect(await asked).not.toContain("redis");
});

it.each([
  ["refuses", () => Promise.reject(new Error("redis://secret@host is away"))],
  ["is silent", () => new Promise<typeof nothing>(() => {})],
])("leaves out what the queue holds while it %s, and no other number", async (_, depth) => {
  const clock = createManualClock();
  const asked = queueByState({ queue: { depth }, clock });
  await clock.advance(2_000);
  expect(await asked).toEqual([]);
});
