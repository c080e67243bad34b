// Schedules where something fails in between: a request, a process, an issue that somebody deletes.

import { expect, it, vi } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { openTalk, type Talk } from "../migrations/talk.ts";
import { at, issueOf, LOOK, nobody, SCHEDULE, until } from "./weekly.ts";

const SETTINGS = { ".github/fanfold.yml": `${SCHEDULE}    when: always\n` };

function openWeekly(): Talk {
  const talk = openTalk({
    files: { "src/a.js": "eval(x)\n", ".claude/workflows/look.js": LOOK },
    model: nobody,
  });
  talk.push(SETTINGS);
  return talk;
}

const keptIssue = ({ github }: Talk) => {
  const issue = github.issues.find(({ title }) => title === "Fanfold: weekly");
  if (issue === undefined) throw new Error("The schedule has no issue.");
  return issue;
};

/** GitHub is away at the next edit of the schedule's issue, before anything is written. */
function failNextEdit(talk: Talk): void {
  vi.spyOn(keptIssue(talk).earlier, "push").mockImplementationOnce(() => {
    throw new ForgeError("unreachable", "GitHub is away.");
  });
}

it("tells an end later where GitHub was away when it was told, and opens a closed issue for what is new", async () => {
  await using talk = openWeekly();
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  const issue = keptIssue(talk);
  issue.state = "closed";
  talk.push({ "src/b.js": "eval(y)\n" });
  await at(talk, "01-12T03:15");
  await talk.settle();
  failNextEdit(talk);
  await talk.beatOfSchedules();
  expect(issue).toMatchObject({ state: "closed", body: expect.stringContaining("is at work") });
  await talk.restart();
  await talk.beatOfSchedules();
  expect(issue.state).toBe("open");
  expect(issue.body).toContain("**2 open findings** · 1 new");
  expect(issue.body).not.toContain("is at work");
  issue.state = "closed";
  await at(talk, "01-12T06:00");
  expect(issue.state).toBe("closed");
});

it("gives findings to code scanning later where the process that took them in did not come to it", async () => {
  await using talk = openWeekly();
  const scans: never[] = [];
  talk.github.scans = scans;
  await talk.beatOfSchedules();
  await at(talk, "01-05T03:15");
  await talk.settle();
  vi.spyOn(scans, "push").mockImplementationOnce(() => {
    throw new Error("The process is dying.");
  });
  await talk.beatOfSchedules();
  expect(issueOf(talk)).toContain("is at work");
  await at(talk, "01-05T03:27");
  expect(scans).toHaveLength(1);
  expect(issueOf(talk)).toContain("**1 open finding** · 1 new");
  await at(talk, "01-05T06:00");
  expect(scans).toHaveLength(1);
});

it("says that it is no schedule any more also where GitHub was away at first", async () => {
  await using talk = openWeekly();
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  talk.push({ ".github/fanfold.yml": "dashboard: false\n" });
  failNextEdit(talk);
  await at(talk, "01-06T03:15");
  expect(issueOf(talk)).toContain("| **Next** |");
  await at(talk, "01-06T05:00");
  expect(issueOf(talk)).toContain("**No schedule any more.**");
});

it("says that it is no schedule any more, and that its dashboard is none, also where its lines went while nobody was at work", async () => {
  await using talk = openWeekly();
  talk.push({ ".github/fanfold.yml": `${SCHEDULE}dashboard: true\n` });
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  const board = talk.github.issues.find(({ title }) => title === "Fanfold dashboard");
  expect(board?.body).toContain("[ ]");
  talk.push({ ".github/fanfold.yml": "budget:\n  run: 3\n" });
  await talk.restart();
  await at(talk, "01-06T03:15");
  expect(issueOf(talk)).toContain("**No schedule any more.**");
  expect(board?.body).not.toContain("[ ]");
});

it("goes on in a new issue where somebody deletes its issue while its run works", async () => {
  await using talk = openWeekly();
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  const deleted = keptIssue(talk);
  await at(talk, "01-12T03:15");
  talk.github.issues = talk.github.issues.filter((issue) => issue !== deleted);
  await talk.settle();
  await at(talk, "01-12T04:00");
  expect(issueOf(talk)).toContain("over 2 reports");
  await until(talk, "01-19T03:15");
  expect(issueOf(talk)).toContain("over 3 reports");
});
