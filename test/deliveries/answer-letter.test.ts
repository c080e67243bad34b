// Letters of several processes: who hears a delivery keeps it for all, and who does the work finds it.

import { expect, it } from "vitest";

import { answerLetters } from "../../src/deliveries/answer-letter.ts";
import { createInFlight } from "../../src/deliveries/in-flight.ts";
import { answerPost, createSharedIntake } from "../../src/deliveries/shared-intake.ts";
import { openWaitingList, together } from "../../src/onboarding/waiting.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryFleet } from "../../src/outside/memory/fleet.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { BookBusy } from "../../src/runs/hidden-book.ts";
import { passes } from "../../src/runs/passes.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { type LetterEvent, Written } from "../../src/world/inbox.ts";

const repository = { installationId: 5, repositoryId: 6, owner: "acme", name: "site" };
const sender = { id: 9, login: "ada", type: "User" };
const common = { repository, delivery: "d-1" };
const boxes = {
  ...common,
  source: "issue",
  key: "edited-d-1",
  thread: 7,
  body: "- [x] a",
  before: "- [ ] a",
  sender,
} as const;
const arrival: LetterEvent = {
  ...common,
  source: "arrival",
  key: "installed-d-1",
  thread: 0,
  repositories: [repository],
};

/** One process that hears, one that answers and one that makes the rounds, each on a disk of its own. */
function openThree() {
  const clock = createManualClock();
  const log = createMemoryLog();
  const join = createMemoryFleet({ clock, rememberedMs: 60_000, againMs: 1_000 });
  const listOf = () => openWaitingList({ disk: createMemoryDisk(), fleet: join(), log });
  const failures: Error[] = [];
  const edited: unknown[] = [];
  const answers = listOf();
  const answer = answerLetters({
    bot: { onComment: () => Promise.reject(new Error("Nobody said anything.")) },
    schedules: {
      edited: async (event) => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        edited.push(event);
      },
    },
    onboarding: {
      added: (refs) =>
        answers.change((all) =>
          together(
            all,
            refs.map((ref) => ({ ...ref, attempts: 0 })),
          ),
        ),
    },
    log,
    passes,
  });
  answerPost({ post: join().post, inFlight: createInFlight(clock), answer, clock, log });
  return { clock, log, failures, edited, hears: createSharedIntake(join().post, clock), listOf };
}

it("a new repository that one process hears of is found by the one that makes the rounds", async () => {
  const { clock, hears, listOf } = openThree();
  await hears.take(arrival);
  await clock.advance(100);
  expect(await listOf().read()).toEqual([{ ...repository, attempts: 0 }]);
});

it("new repositories that an earlier version left on a disk are looked at as well, once", async () => {
  const clock = createManualClock();
  const log = createMemoryLog();
  const disk = createMemoryDisk();
  const left = [{ ...repository, attempts: 3 }];
  await disk.replace("onboarding.json", JSON.stringify(left));
  const fleet = createMemoryFleet({ clock, rememberedMs: 60_000, againMs: 1_000 })();
  const list = openWaitingList({ disk, fleet, log });
  expect(await list.read()).toEqual(left);
  await list.change(() => []);
  expect(await list.read()).toEqual([]);
});

it.each([
  new ForgeError("unreachable", "GitHub is away."),
  new ForgeError("forbidden", "Not now."),
  new RemoteError("git gets no answer.", { transient: true }),
  new BookBusy("Others write all the time."),
  Object.assign(new Error("The disk is full."), { code: "ENOSPC" }),
])("a box is done by whoever answers, and again later after: $message", async (failure) => {
  const { clock, hears, failures, edited } = openThree();
  failures.push(failure);
  await hears.take(boxes);
  await clock.advance(500);
  expect(edited).toEqual([]);
  await clock.advance(2_000);
  expect(edited).toEqual([{ ...boxes, issue: 7 }]);
});

it("a box that cannot be done is put aside, and the log says that it is put back", async () => {
  const { clock, log, hears, failures, edited } = openThree();
  failures.push(new Error("It is broken."));
  await hears.take(boxes);
  await clock.advance(5_000);
  expect(edited).toEqual([]);
  expect(log.lines.map(({ message }) => message).join()).toContain("put back at the next look");
});

it.each([arrival, boxes])("a letter of kind $source is read as it was written", (event) => {
  const letter = { v: 1, at: 1, event };
  expect(Written.parse(JSON.parse(JSON.stringify(letter)))).toEqual(letter);
});
