// Schedules where something fails in between: a request, a process, an issue that somebody deletes.

import { expect, it } from "vitest";

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
