// What starts by itself: at its time and not twice, only on the word of somebody who may, and never unnoticed when it does not.

import { expect, it } from "vitest";

import { LOOK } from "../schedules/weekly.ts";
import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCHEDULE =
  "schedules:\n  - name: weekly\n    workflow: look\n    cron: weekly on monday at 3:00\n    budget: 3\n";

const FILES = { "src/a.js": "eval(x)\n", ".claude/workflows/look.js": LOOK };

/** Nobody is asked: the workflow is all code. */
const nobody = playedBy({});

async function openScheduled(settings = SCHEDULE, by = "ada"): Promise<Stage> {
  const stage = await openStage({ files: FILES, model: nobody });
  await stage.push({ ".github/fanfold.yml": settings }, "main", by);
  await beat(stage);
  return stage;
}

const beat = async ({ schedules, world }: Pick<Stage, "schedules" | "world">): Promise<void> => {
  await world.clock.during(schedules.beat(new AbortController().signal), 1);
};

/** Nothing is looked at until that moment; then what is due starts, ends and is told. */
async function until(stage: Stage, moment: string): Promise<void> {
  const { clock } = stage.world;
  await clock.advance(Date.parse(`2026-${moment}Z`) - clock.now());
  await beat(stage);
  await stage.settle();
  await beat(stage);
}

const runsOf = ({ desk }: Stage) => desk.runs().map((run) => run.record());

const issueOf = (stage: Stage): string =>
  stage.github.issues.find(({ title }) => title === "Fanfold: weekly")?.body ?? "";

const lately = (stage: Stage): string =>
  /### What happened\n\n(.*)/u.exec(issueOf(stage))?.[1] ?? "";

it("is listed, paused, resumed and started by people with the right, and by nobody else", async () => {
  await using stage = await openScheduled(`${SCHEDULE}    when: always\n`);
  await stage.post("/workflow schedule pause weekly", "rob");
  expect(stage.said().at(-1)).toContain("**write**");
  await stage.post("/workflow schedule pause weekly", "mia");
  await stage.post("/workflow schedule list");
  expect(stage.said().at(-1)).toContain(
    "| `weekly` | `look` | `weekly on monday at 3:00` (UTC) | ⏸️ paused by `mia` |",
  );
  await until(stage, "01-05T03:15");
  expect(runsOf(stage)).toEqual([]);
  await stage.post("/workflow schedule run wekly");
  expect(stage.said().at(-1)).toContain(
    "I know no schedule `wekly` here, and nothing was changed. There are: `weekly`.",
  );
  await stage.post("/workflow schedule resume weekly");
  await stage.post("/workflow schedule run weekly");
  expect(stage.said().at(-1)).toContain(
    "of the schedule `weekly` is started. It speaks in [the schedule's issue]",
  );
  await stage.settle();
  await stage.post("/workflow schedule run weekly");
  // The first one ended, and nobody has looked since.
  expect(stage.said().at(-1)).toContain("its last one, has not ended");
  await beat(stage);
  expect(runsOf(stage)).toMatchObject([{ status: "completed", requester: { login: "ada" } }]);
  expect(lately(stage)).toContain("🏁");
});

it("waits for somebody's word where GitHub knows nobody who wrote its lines", async () => {
  await using stage = await openScheduled(SCHEDULE, "");
  await until(stage, "01-05T03:15");
  expect(runsOf(stage)).toEqual([]);
  expect(stage.said()[0]).toContain("Nobody is known on whose word it starts");
});
