// What did not arrive is asked for again: the right deliveries, in their order, and never without end.

import { beforeEach, describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { type Heard, openHeard } from "../../src/deliveries/heard.ts";
import { openHeardTogether } from "../../src/deliveries/heard-together.ts";
import { createSweep } from "../../src/deliveries/sweep.ts";
import { createMemoryDisk, type MemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock, type ManualClock } from "../../src/outside/memory/clock.ts";
import {
  createMemoryDeliveries,
  type MemoryDeliveries,
} from "../../src/outside/memory/deliveries.ts";
import { createMemoryLog, type MemoryLog } from "../../src/outside/memory/log.ts";
import type { Board } from "../../src/world/board.ts";
import type { Attempt } from "../../src/world/deliveries.ts";
import { ForgeError } from "../../src/world/forge-error.ts";

const kind = { event: "issue_comment", action: "created" };
const hour = 3_600_000;

let github: MemoryDeliveries;
let clock: ManualClock;
let log: MemoryLog;
let disk: MemoryDisk;
let heard: Heard;
let sweep: () => Promise<void>;

/** As a process does at its start. */
function begin(): () => Promise<void> {
  heard = openHeard({ disk, clock });
  return createSweep({ deliveries: github, kinds: [kind], clock, log, heard });
}

beforeEach(async () => {
  clock = createManualClock();
  github = createMemoryDeliveries(clock);
  log = createMemoryLog();
  disk = createMemoryDisk();
  // Most of this is about a bot that was here before.
  await disk.replace("deliveries/looked.json", "{}");
  sweep = begin();
});

/** One attempt in the log, one hour ago unless it says otherwise. */
function sent(guid: string, attempt: Partial<Attempt> = {}): void {
  const id = github.log.length + 1;
  github.log.push({ id, guid, at: clock.now() - hour, isDelivered: false, ...kind, ...attempt });
}

const askedFor = (): string[] => github.asked.map(({ guid }) => guid);

describe("the first look of a new data folder", () => {
  beforeEach(async () => {
    await disk.remove("deliveries");
    sweep = begin();
  });

  it("asks for the last hour again, once, since another folder may have lost it", async () => {
    sent("long ago", { at: clock.now() - hour - 1, isDelivered: true });
    sent("failed long ago", { at: clock.now() - 5 * hour });
    sent("just now", { at: clock.now() - 60_000, isDelivered: true });
    github.isAway = true;
    await sweep();
    github.isAway = false;
    await sweep();
    await sweep();
    const again = begin();
    await again();
    expect(askedFor()).toEqual(["failed long ago", "just now"]);
  });
});

describe("what only another machine heard", () => {
  const ago = limits.web.sweepMs;
  const arrived = (guid: string, at = clock.now()): void => sent(guid, { at, isDelivered: true });

  beforeEach(async () => {
    await sweep();
    await clock.advance(hour);
  });

  it("is asked for once, when there was time to answer it", async () => {
    arrived("theirs");
    arrived("ours");
    heard.note("ours");
    await sweep();
    expect(askedFor()).toEqual([]);
    await clock.advance(ago);
    await sweep();
    expect(askedFor()).toEqual(["theirs"]);
    await clock.advance(ago);
    await sweep();
    expect(askedFor()).toEqual(["theirs"]);
  });

  it("is asked for although it was asked for before, when it had not arrived at first", async () => {
    sent("theirs", { at: clock.now() });
    await sweep();
    expect(askedFor()).toEqual(["theirs"]);
    arrived("theirs");
    await clock.advance(ago);
    await sweep();
    expect(askedFor()).toEqual(["theirs", "theirs"]);
    await clock.advance(ago);
    await sweep();
    expect(askedFor()).toEqual(["theirs", "theirs"]);
  });

  it("is asked for once more when nobody got what was asked for, and somebody else had it sent again", async () => {
    arrived("theirs");
    await clock.advance(ago);
    github.isHeard = false;
    await sweep();
    github.isHeard = true;
    arrived("theirs");
    await clock.advance(ago);
    await sweep();
    await clock.advance(ago);
    await sweep();
    expect(askedFor()).toEqual(["theirs", "theirs"]);
  });

  it("is asked for when it came while no process of this folder was there", async () => {
    arrived("theirs");
    arrived("long ago", clock.now() - hour);
    await clock.advance(ago);
    await begin()();
    expect(askedFor()).toEqual(["theirs"]);
  });

  it("is not what an earlier process of this folder heard", async () => {
    arrived("ours");
    heard.note("ours");
    await sweep();
    await clock.advance(ago);
    await begin()();
    expect(askedFor()).toEqual([]);
  });

  it("is not known to a folder that older versions wrote, or that cannot be read", async () => {
    arrived("somebody's");
    await clock.advance(ago);
    for (const text of ['{"at":1}', "torn"]) {
      await disk.replace("deliveries/looked.json", text);
      await begin()();
    }
    expect(askedFor()).toEqual([]);
  });

  it("is written down again after a full disk", async () => {
    arrived("ours");
    heard.note("ours");
    const replace = disk.replace.bind(disk);
    disk.replace = () => Promise.reject(new Error("ENOSPC"));
    await sweep();
    disk.replace = replace;
    await sweep();
    await clock.advance(ago);
    await begin()();
    expect(askedFor()).toEqual([]);
  });
});

describe("what is kept for all machines", () => {
  const arrived = (guid: string): void => sent(guid, { at: clock.now(), isDelivered: true });
  const sharedOn = (board: Board, nonce: string) =>
    createSweep({
      deliveries: github,
      kinds: [kind],
      clock,
      log,
      heard: openHeardTogether({ board, nonce }),
    });
  let board: Board;
  let wipe: () => void;
  let shared: () => Promise<void>;

  beforeEach(async () => {
    let texts = createMemoryBoard(clock);
    board = { change: (...given) => texts.change(...given) };
    wipe = () => void (texts = createMemoryBoard(clock));
    shared = sharedOn(board, "one");
    await shared();
    await clock.advance(3 * hour);
  });

  it("is asked for by nobody, whichever process looks", async () => {
    arrived("theirs");
    await clock.advance(limits.web.sweepMs);
    await shared();
    await sharedOn(board, "two")();
    expect(askedFor()).toEqual([]);
  });

  it("is asked for again, each of the last hour once, when it was lost", async () => {
    arrived("long ago");
    await clock.advance(hour + 1);
    const many = Array.from({ length: limits.web.redeliveriesPerSweep + 1 }, (_, n) => `d-${n}`);
    for (const guid of many) arrived(guid);
    await clock.advance(limits.web.sweepMs);
    await shared();
    expect(askedFor()).toEqual([]);
    wipe();
    github.isAway = true;
    await shared();
    github.isAway = false;
    for (let looks = 0; looks < 4; looks += 1) await shared();
    expect(askedFor()).toEqual(many);
  });

  it("is asked for again by the next process where a look was not brought to its end", async () => {
    arrived("theirs");
    wipe();
    github.isAway = true;
    await shared();
    github.isAway = false;
    await sharedOn(board, "two")();
    expect(askedFor()).toEqual(["theirs"]);
  });

  it("is asked for again when it is lost once more during a look", async () => {
    arrived("theirs");
    wipe();
    const attempts = github.attempts.bind(github);
    github.attempts = () => {
      wipe();
      github.attempts = attempts;
      return attempts();
    };
    await shared();
    expect(askedFor()).toEqual(["theirs"]);
    arrived("meanwhile");
    await shared();
    expect(askedFor()).toContain("meanwhile");
  });
});

describe("the first look", () => {
  it("asks for what failed in the last three days, in the order people spoke", async () => {
    sent("too old", { at: clock.now() - limits.web.deliveriesKeptMs - 1 });
    sent("first", { at: clock.now() - 70 * hour });
    sent("second");
    sent("arrived", { isDelivered: true });
    sent("third");
    await sweep();
    expect(askedFor()).toEqual(["first", "second", "third"]);
  });

  it("asks once for what failed twice, and not for what arrived at the second attempt", async () => {
    sent("twice");
    sent("late");
    sent("twice");
    sent("late", { isDelivered: true });
    await sweep();
    expect(github.asked.map(({ id, guid }) => [id, guid])).toEqual([[3, "twice"]]);
  });

  it("asks for what arrived once and did not when it was asked for again", async () => {
    sent("lost", { isDelivered: true });
    sent("lost");
    await sweep();
    expect(github.asked.map(({ id }) => id)).toEqual([2]);
  });

  it.each([
    ["of another event", { event: "issues" }],
    ["of another action", { action: "edited" }],
    ["without an action", { action: null }],
  ])("leaves a delivery %s", async (_, attempt) => {
    sent("other", attempt);
    await sweep();
    expect(askedFor()).toEqual([]);
    expect(log.lines).toEqual([]);
  });
});

describe("later looks", () => {
  it("read only what is new", async () => {
    for (const guid of ["a", "b", "c"]) sent(guid, { isDelivered: true });
    await sweep();
    await clock.advance(2 * hour);
    sent("d", { at: clock.now() - 1 });
    github.read = 0;
    await sweep();
    expect(askedFor()).toEqual(["d"]);
    // The new one, and the one that says the rest is known.
    expect(github.read).toBe(2);
  });

  it("do not ask again for what arrived", async () => {
    sent("a");
    await sweep();
    await sweep();
    expect(askedFor()).toEqual(["a"]);
  });

  it("give up on a delivery that never gets through", async () => {
    github.isHeard = false;
    sent("poison");
    for (let look = 0; look < 9; look += 1) await sweep();
    expect(askedFor()).toHaveLength(limits.web.redeliveriesOfOne);
  });

  it("see again what a look before could not ask for, and what was too much for one", async () => {
    const { redeliveriesPerSweep: most } = limits.web;
    for (let count = 0; count < most + 1; count += 1) sent(`guid-${count}`);
    await sweep();
    expect(askedFor()).toHaveLength(most);
    for (const guid of askedFor()) heard.note(guid);
    github.isAway = true;
    await sweep();
    expect(log.lines.at(-1)).toMatchObject({ level: "warn", fields: { minutes: 10 } });
    github.isAway = false;
    await clock.advance(limits.web.sweepMs);
    await sweep();
    expect(askedFor().toSorted()).toEqual(
      Array.from({ length: most + 1 }, (_, count) => `guid-${count}`).toSorted(),
    );
  });

  it("go past a delivery that GitHub does not send again", async () => {
    const redeliver = github.redeliver.bind(github);
    github.redeliver = (attempt) =>
      attempt.guid === "gone"
        ? Promise.reject(new ForgeError("refused", "Too old."))
        : redeliver(attempt);
    sent("gone");
    sent("good");
    await sweep();
    expect(askedFor()).toEqual(["good"]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: "warn", fields: expect.objectContaining({ guid: "gone" }) }),
    );
  });
});

it("a log without end is read up to a limit, and that is said", async () => {
  for (let count = 0; count < limits.web.attemptsPerSweep + 5; count += 1) {
    sent(`guid-${count}`, { isDelivered: true });
  }
  await sweep();
  expect(github.read).toBe(limits.web.attemptsPerSweep);
  expect(log.lines).toMatchObject([{ level: "warn", fields: { read: github.read } }]);
});
