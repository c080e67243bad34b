// One process with the places of production: whoever asks for one run does not wait for somebody's fifty.

import { expect, it } from "vitest";

import { queueLimits } from "../../src/config/limits.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { hasPlaceFor } from "../../src/world/room.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

const limits = { atOnce: 2, perRepository: 9, perInstallation: 9, guests: 2 };
const first = (installationId: number) => ({ installationId, isGuest: true });
const further = (installationId: number) => ({ installationId, isGuest: false });

it("has as many places for further runs of an installation, whoever else has one run each", () => {
  expect(hasPlaceFor(further(1), [1], limits)).toBe(true);
  expect(hasPlaceFor(further(1), [1, 1], limits)).toBe(false);
  // Guests of two installations are in places that are kept for such.
  expect(hasPlaceFor(further(1), [1, 2, 3], limits)).toBe(true);
  expect(hasPlaceFor(further(1), [1, 1, 2, 3], limits)).toBe(false);
  expect(hasPlaceFor(further(1), [1, 2, 3, 4], limits)).toBe(false);
});

it("has a place for every guest up to all places, and for one of each installation", () => {
  expect(hasPlaceFor(first(3), [1, 1, 2], limits)).toBe(true);
  expect(hasPlaceFor(first(4), [1, 1, 2, 3], limits)).toBe(false);
  expect(hasPlaceFor(first(1), [1, 1], limits)).toBe(false);
});

it("drives the runs of ten installations at once beside one that asked for fifty", async () => {
  const options = { limits: queueLimits, clock: createManualClock(), log: createMemoryLog() };
  const queue = createEmbeddedQueue(options);
  queue.start(() => new Promise(() => {}));
  for (let at = 0; at < 50; at += 1) await queue.add(wakeOf(`crowd-${at}`, 100 + at, 1));
  for (let at = 0; at < 10; at += 1) await queue.add(wakeOf(`other-${at}`, 200 + at, 2 + at));
  const driven = (await queue.entries()).filter(({ state }) => state === "driven");
  const others = driven.filter(({ run }) => run.startsWith("other-"));
  expect(others).toHaveLength(10);
  expect(driven.length - others.length).toBe(queueLimits.atOnce);
});
