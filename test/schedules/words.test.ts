// A person's word or box that starts a schedule is heard again, or said anew, since something failed: it is one run.

import { expect, it, vi } from "vitest";

import { because } from "../../src/world/audit-log.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { openTalk, type Talk } from "../migrations/talk.ts";
import { at, LOOK, nobody, SCHEDULE } from "./weekly.ts";

async function openWeekly(): Promise<Talk> {
  const talk = openTalk({
    files: { "src/a.js": "eval(x)\n", ".claude/workflows/look.js": LOOK },
    model: nobody,
  });
  talk.push({ ".github/fanfold.yml": `${SCHEDULE}    when: always\ndashboard: true\n` });
  await at(talk, "01-06T12:00");
  return talk;
}

/** GitHub is away when the schedule's issue is to be opened, which is after its start was claimed. */
function failNextIssue({ github }: Talk): void {
  vi.spyOn(github.issues, "push").mockImplementationOnce(() => {
    throw new ForgeError("unreachable", "GitHub is away.");
  });
}

const board = ({ github }: Talk) => {
  const issue = github.issues.find(({ title }) => title === "Fanfold dashboard");
  if (issue === undefined) throw new Error("There is no dashboard.");
  return issue;
};

/** Eve ticks the box that starts it; the letter of that may be given twice. */
function tickRun(talk: Talk, key: string): () => Promise<void> {
  const { body: before, number: issue } = board(talk);
  const box = "<!-- fanfold:tick=run:weekly";
  const body = before.replace(`[ ] ${box}`, `[x] ${box}`);
  const sender = { id: 3, login: "eve", type: "User" };
  const letter = { key, repository: talk.ref, issue, body, before, sender };
  return () => talk.clock.during(talk.schedules.edited(letter), 1);
}

it("a box that was claimed and did not begin begins when its letter is read again, and once", async () => {
  await using talk = await openWeekly();
  const tick = tickRun(talk, "edited-d-1");
  failNextIssue(talk);
  await expect(tick()).rejects.toThrow("GitHub is away.");
  expect(talk.runs()).toEqual([]);
  await talk.pass(60_000);
  await tick();
  expect(board(talk).body).toContain("`eve`: run `weekly`. Done.");
  await talk.settle();
  // The process died before it forgot the letter: first nobody has looked at the end, then it is told.
  await tick();
  await talk.beatOfSchedules();
  await tick();
  expect(board(talk).body).not.toContain("Not done");
  expect(talk.runs()).toMatchObject([{ status: "completed", requester: { login: "eve" } }]);
  await tickRun(talk, "edited-d-2")();
  expect(talk.runs()).toHaveLength(2);
});

it("a word that failed after the start was claimed starts it when it is said anew", async () => {
  await using talk = await openWeekly();
  failNextIssue(talk);
  await talk.post("/workflow schedule run weekly");
  expect(talk.said().at(-1)).toContain("No agent was started");
  await talk.post("/workflow schedule run weekly");
  expect(talk.said().at(-1)).toContain("of the schedule `weekly` is started");
  expect(talk.runs()).toHaveLength(1);
  await talk.settle();
  await talk.pass(20 * 60_000);
  await talk.beatOfSchedules();
  expect(talk.runs()).toMatchObject([{ status: "completed", requester: { login: "ada" } }]);
});

it("a word that is heard again is answered with the run that it started, also when that has ended", async () => {
  await using talk = await openWeekly();
  const hear = (delivery: string) => {
    const wish = { act: "run", name: "weekly" } as const;
    const work = () => talk.schedules.wish(talk.ref, { id: 1, login: "ada" }, wish);
    return talk.clock.during(because({ delivery, actor: 1, run: null }, work), 1);
  };
  const first = await hear("d-1");
  expect(first).toMatchObject({ kind: "started" });
  expect(await hear("d-1")).toEqual(first);
  expect(await hear("d-2")).toMatchObject({ kind: "not-now" });
  await talk.settle();
  await talk.beatOfSchedules();
  await talk.restart();
  expect(await hear("d-1")).toEqual(first);
  expect(talk.runs()).toEqual([]);
  expect(await hear("d-3")).toMatchObject({ kind: "started" });
});
