// A schedule over so many runs that not each one's id is kept: what is in its report is not told again.

import { expect, it } from "vitest";

import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createRunDesk } from "../../src/runs/desk.ts";
import type { RunOutcome } from "../../src/runs/outcomes.ts";
import { openBook, withSchedule } from "../../src/schedules/book.ts";
import { createScheduleDesk } from "../../src/schedules/desk.ts";
import { freshState, ScheduleState } from "../../src/schedules/state.ts";
import { openMemoryHouse } from "../migrations/memory-house.ts";
import { Hub } from "../simulation/git/hub.ts";
import { SCHEDULE } from "./weekly.ts";

const HOUR_MS = 60 * 60_000;
/** What an earlier version did not write. */
const ADDED = ["toldAt", "toldBefore", "said", "news"];
const BOOK = "refs/fanfold/schedules/state";
const ref = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };

/** Ended in the hour of its number. */
const endOf = (hour: number): RunOutcome => ({
  run: `wf-${hour}`,
  occasion: { schedule: "weekly", tick: hour * HOUR_MS, script: "" },
  state: "completed",
  isOver: true,
  detail: "",
  commit: null,
  found: null,
  finalPull: null,
  costUsd: null,
  url: null,
  createdAt: hour * HOUR_MS,
  endedAt: hour * HOUR_MS + 1,
});

const endsOf = (from: number, to: number): RunOutcome[] =>
  Array.from({ length: to - from + 1 }, (_, at) => endOf(from + at));

/** A process that knows these runs of the schedule, on a book that an earlier version wrote. */
async function openKnowing(first: Partial<ScheduleState> = {}, known: RunOutcome[] = []) {
  const clock = createManualClock();
  const hub = new Hub();
  const github = createMemoryGitHub({ ref, home: hub.home(), people: new Map() });
  hub.commitFiles("main", { ".github/fanfold.yml": SCHEDULE }, clock.now());
  const house = openMemoryHouse({ clock, hub, github, ref });
  const desk = { ...createRunDesk(house), scheduled: async () => known };
  const schedules = createScheduleDesk(house, desk, async () => null);
  const book = openBook(house);
  const earlier = Object.entries(freshState(clock.now())).filter(([key]) => !ADDED.includes(key));
  const state = ScheduleState.parse({ ...Object.fromEntries(earlier), ...first });
  await clock.during(
    book.change(ref, (all) => withSchedule(all, "weekly", state)),
    1,
  );
  const beat = async (): Promise<void> => {
    await clock.advance(60_000);
    await clock.during(schedules.beat(new AbortController().signal), 1);
  };
  await beat();
  return {
    beat,
    tip: () => hub.refs.get(BOOK),
    now: async () => (await clock.during(book.read(ref), 1)).schedules.get("weekly"),
  };
}

it("tells each of a hundred runs and more once, in whatever order they end", async () => {
  const known = endsOf(2, 103);
  const { beat, tip, now } = await openKnowing({}, known);
  expect((await now())?.last?.run).toBe("wf-103");
  known.push(endOf(105));
  await beat();
  known.push(endOf(104));
  await beat();
  expect((await now())?.events.at(-1)).toMatchObject({ what: "ended", run: "wf-104" });
  const before = tip();
  // What an id is not kept of any more, and one that is older than all that are kept.
  known.unshift(endOf(1));
  await beat();
  await beat();
  expect(tip()).toBe(before);
});

it("takes in the run that it waits for, however many ended since that was created", async () => {
  const claim = { script: "", scope: "", tick: HOUR_MS, claimedAt: HOUR_MS };
  const current = { ...claim, run: "wf-1", requester: { id: 1, login: "ada" } };
  const known = [{ ...endOf(1), isOver: false }, ...endsOf(2, 103)];
  const { beat, tip, now } = await openKnowing({ current }, known);
  known[0] = endOf(1);
  await beat();
  expect(await now()).toMatchObject({ current: null, last: { run: "wf-1" } });
  const before = tip();
  await beat();
  expect(tip()).toBe(before);
});

it("tells nothing again that an earlier version told, though that kept no dates", async () => {
  const told = endsOf(2, 101).map(({ run }) => run);
  const known = endsOf(2, 101);
  const { beat, tip, now } = await openKnowing({ told }, known);
  const before = tip();
  known.unshift(endOf(1));
  await beat();
  expect(tip()).toBe(before);
  known.push(...endsOf(102, 210));
  await beat();
  expect((await now())?.last?.run).toBe("wf-210");
  const after = tip();
  await beat();
  expect(tip()).toBe(after);
});
