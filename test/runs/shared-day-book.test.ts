import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { openDayBook, type DayBook } from "../../src/runs/day-book.ts";
import { openSharedDayBook } from "../../src/runs/shared-day-book.ts";
import { CapReached, type Reservation } from "../../src/runs/till.ts";
import { type Board, BoardAway } from "../../src/world/board.ts";
import type { Clock } from "../../src/world/clock.ts";

const payer = { installation: 1, repository: 2, user: 3 };
const other = { installation: 1, repository: 20, user: 30 };
const capOf = (usd: number | null) => ({ installation: usd, repository: null, user: null });
const cost = (mostUsd: number, leastUsd = mostUsd) => ({ leastUsd, mostUsd });
const forever = new AbortController().signal;

function openFleet(board?: Board) {
  const clock = createManualClock();
  const shared = board ?? createMemoryBoard(clock);
  let lives = 0;
  const processOn = (folder: string, disk = createMemoryDisk(), time: Clock = clock): DayBook => {
    const process = `${folder}-${lives++}`;
    const teller = async () => ({ folder, process });
    return openSharedDayBook({ own: openDayBook(disk, time), board: shared, clock: time, teller });
  };
  return { clock, processOn };
}

/** What becomes of a reservation within so much time; it is left waiting after that. */
async function within(
  { clock }: ReturnType<typeof openFleet>,
  asked: Promise<Reservation>,
  ms = 0,
): Promise<Reservation | "waits" | "reached"> {
  let answer: Reservation | "waits" | "reached" = "waits";
  asked.then(
    (reservation) => (answer = reservation),
    (error: unknown) => {
      if (error instanceof CapReached) answer = "reached";
    },
  );
  await clock.advance(0);
  await clock.advance(ms);
  return answer;
}

describe("the caps of a day over several processes", () => {
  const turn = fc.record({
    who: fc.nat({ max: 2 }),
    most: fc.integer({ min: 1, max: 40 }),
    /** Hundredths of what was set aside that it costs in truth. */
    part: fc.nat({ max: 100 }),
    ends: fc.constantFrom("at once", "later", "with its process"),
  });

  it("are never passed, whoever reserves at once, settles late or is lost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 25 }), async (turns) => {
        const fleet = openFleet();
        const folders = ["a", "b", "c"];
        const processes = folders.map((folder) => fleet.processOn(folder));
        const open: (() => void)[] = [];
        let spent = 0;
        let setAside = 0;
        for (const { who, most, part, ends } of turns) {
          const book = processes[who];
          const asked = book?.setAside({ payer, caps: capOf(100) }, cost(most, 1), forever);
          if (asked === undefined) continue;
          const stop = new AbortController();
          const got = await within(fleet, Promise.race([asked, whenAborted(stop.signal)]));
          stop.abort(new Error("It waits for too long."));
          if (typeof got === "string") continue;
          setAside += got.usd;
          const settle = (): void => {
            setAside -= got.usd;
            spent += (got.usd * part) / 100;
            got.settle((got.usd * part) / 100);
          };
          if (ends === "at once") settle();
          if (ends === "later") open.push(settle);
          // What its other turns hold stays held; nobody settles it any more.
          if (ends === "with its process") processes[who] = fleet.processOn(folders[who] ?? "");
          await fleet.clock.advance(0);
          expect(spent + setAside).toBeLessThanOrEqual(100 + 1e-6);
        }
        for (const settle of open) settle();
        expect(spent).toBeLessThanOrEqual(100 + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it("let two that ask at the same time have the room once", async () => {
    const fleet = openFleet();
    const [one, two] = [fleet.processOn("a"), fleet.processOn("b")];
    const both = await Promise.all([
      within(fleet, one.setAside({ payer, caps: capOf(10) }, cost(8), forever)),
      within(fleet, two.setAside({ payer: other, caps: capOf(10) }, cost(8), forever)),
    ]);
    expect(both.filter((each) => each === "waits")).toHaveLength(1);
  });

  it("make one wait for what another process holds, and give it what is left then", async () => {
    const fleet = openFleet();
    const [one, two] = [fleet.processOn("a"), fleet.processOn("b")];
    const held = await within(fleet, one.setAside({ payer, caps: capOf(10) }, cost(8), forever));
    const waits = two.setAside({ payer, caps: capOf(10) }, cost(8, 2), forever);
    expect(await within(fleet, waits, 10_000)).toBe("waits");
    if (typeof held !== "string") held.settle(5);
    expect(await within(fleet, waits, 2_000)).toMatchObject({ usd: 5 });
  });

  it("count what a lost process held as spent, so that nothing waits for it for ever", async () => {
    const fleet = openFleet();
    await within(fleet, lost(fleet).setAside({ payer, caps: capOf(10) }, cost(8), forever));
    const two = fleet.processOn("b");
    const waits = two.setAside({ payer, caps: capOf(10) }, cost(8), forever);
    expect(await within(fleet, waits, 20_000)).toBe("waits");
    expect(await within(fleet, waits, 15_000)).toBe("reached");
    const small = two.setAside({ payer, caps: capOf(10) }, cost(2), forever);
    expect(await within(fleet, small)).toMatchObject({ usd: 2 });
    // A new day begins at nothing.
    await fleet.clock.advance(24 * 60 * 60_000);
    expect(
      await within(fleet, two.setAside({ payer, caps: capOf(10) }, cost(9), forever)),
    ).toMatchObject({
      usd: 9,
    });
  });

  it("outlive a restart, and a board that was emptied", async () => {
    const fleet = openFleet();
    const disk = createMemoryDisk();
    const first = await within(
      fleet,
      fleet.processOn("a", disk).setAside({ payer, caps: capOf(10) }, cost(6), forever),
    );
    if (typeof first !== "string") first.settle(6);
    await fleet.clock.advance(0);
    const again = fleet.processOn("a", disk);
    expect(await within(fleet, again.setAside({ payer, caps: capOf(10) }, cost(5), forever))).toBe(
      "reached",
    );
    const emptied = openFleet();
    const after = emptied.processOn("a", disk);
    expect(
      await within(emptied, after.setAside({ payer, caps: capOf(10) }, cost(5), forever)),
    ).toBe("reached");
    const elsewhere = emptied.processOn("b");
    expect(
      await within(emptied, elsewhere.setAside({ payer, caps: capOf(10) }, cost(5), forever)),
    ).toBe("reached");
  });

  it("hold every turn under a cap while the board is away, and none without a cap", async () => {
    const away: Board = { change: () => Promise.reject(new BoardAway("It is gone.")) };
    const fleet = openFleet(away);
    const book = fleet.processOn("a");
    const capped = book.setAside({ payer, caps: capOf(10) }, cost(1), forever);
    expect(await within(fleet, capped, 60_000)).toBe("waits");
    const free = book.setAside({ payer, caps: capOf(null) }, cost(1), forever);
    expect(await within(fleet, free)).toMatchObject({ usd: 1 });
  });
});

/** A process that is killed: its clock stands still, so that it says nothing any more. */
function lost(fleet: ReturnType<typeof openFleet>): DayBook {
  const { clock } = fleet;
  const sleep = (): Promise<void> => new Promise(() => {});
  return fleet.processOn("lost", createMemoryDisk(), { ...clock, sleep });
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
