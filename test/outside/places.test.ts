// The places of one process: two of one installation that come in one moment are not both its guests.

import { expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { openPlaces } from "../../src/outside/queue/places.ts";

const limits = { atOnce: 1, perRepository: 4, perInstallation: 4, guests: 1 };
const guestOf = (installationId: number) => ({ installationId, isGuest: true });

it("keeps a place for an installation of which nothing is driven, also not in this process", () => {
  const places = openPlaces(limits, createManualClock());
  expect(places.take(guestOf(1))).toBe(true);
  expect(places.take(guestOf(1))).toBe(false);
  expect(places.take({ installationId: 1, isGuest: false })).toBe(false);
  expect(places.take(guestOf(2))).toBe(true);
  expect(places.take(guestOf(3))).toBe(false);
});

it("gives a place to who waits when one is left, and not when it was another's to take", async () => {
  const clock = createManualClock();
  const places = openPlaces(limits, clock);
  places.take(guestOf(1));
  places.take(guestOf(2));
  const own = places.wait(guestOf(1), 1_000);
  places.leave({ installationId: 2 });
  expect(await own).toBe(false);
  const again = places.wait(guestOf(1), 1_000);
  places.leave({ installationId: 1 });
  expect(await again).toBe(true);
  const late = places.wait(guestOf(1), 1_000);
  await clock.advance(1_000);
  expect(await late).toBe(false);
});
