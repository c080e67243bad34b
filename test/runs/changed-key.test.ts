// The key is changed as the README says: what lives long is sealed with the new one before the old one goes.

import { expect, it } from "vitest";

import { SECRET } from "../migrations/memory-house.ts";
import { openTalk } from "../migrations/talk.ts";
import { openTown } from "../migrations/town.ts";
import { issueOf, nobody, SCHEDULE, until } from "../schedules/weekly.ts";

const NEW = "the-new-secret-of-this-installation-of-tests";
const LOOK = `export const meta = { name: 'look', description: 'Looks' }\nreturn 'looked'`;
const SETTINGS = `${SCHEDULE}    when: always\n`;
const BOOK = "refs/fanfold/schedules/state";

it("opens a finished migration when the old key is gone, and wrote its book once for that", async () => {
  const town = openTown({ files: { "a.js": "a\n" } });
  await town.propose({ a: { "a.js": "a anew\n" } });
  await town.hours(1);
  await town.merge("a");
  await town.hours(2);
  expect(await town.shards()).toMatchObject([{ name: "a", status: "merged", isCleared: true }]);
  const head = (): string | undefined => town.hub.refs.get("refs/fanfold/migration-book/state");
  const before = head();

  town.restart([NEW, SECRET]);
  await town.hours(1);
  const anew = head();
  expect(anew).not.toBe(before);
  await town.hours(3);
  town.restart([NEW, SECRET]);
  await town.hours(3);
  expect(head()).toBe(anew);

  town.restart(NEW);
  expect(await town.shards()).toMatchObject([{ name: "a", status: "merged" }]);
});

it("reads a book that cannot be written, and seals it anew when it can", async () => {
  const town = openTown({ files: { "a.js": "a\n" } });
  await town.propose({ a: { "a.js": "a anew\n" } });
  await town.hours(1);
  await town.merge("a");
  await town.hours(2);
  town.restart([NEW, SECRET]);
  town.hub.refsPerPush = 0;
  expect(await town.shards()).toMatchObject([{ status: "merged" }]);
  town.hub.refsPerPush = null;
  await town.shards();
  town.restart(NEW);
  expect(await town.shards()).toMatchObject([{ status: "merged" }]);
});

it.each([
  ["stands in the settings", SETTINGS],
  ["is taken out of them meanwhile and comes back", "dashboard: false\n"],
  ["nobody could read for a while", "nothing: that is known\n"],
])("goes on with a schedule that %s when the old key is gone", async (_, meanwhile) => {
  await using talk = openTalk({
    files: { ".claude/workflows/look.js": LOOK, ".github/fanfold.yml": SETTINGS },
    model: nobody,
  });
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  expect(issueOf(talk)).toContain("2026-01-05");
  talk.push({ ".github/fanfold.yml": meanwhile });
  await until(talk, "01-06T12:00");

  await talk.restart([NEW, SECRET]);
  await talk.beatOfSchedules();
  await until(talk, "01-07T12:00");
  const anew = talk.hub.refs.get(BOOK);
  await until(talk, "01-08T12:00");
  expect(talk.hub.refs.get(BOOK)).toBe(anew);

  talk.push({ ".github/fanfold.yml": SETTINGS });
  await talk.restart(NEW);
  await talk.beatOfSchedules();
  await until(talk, "01-12T03:15");
  expect(issueOf(talk)).toContain("2026-01-05");
  expect(issueOf(talk)).toContain("2026-01-12");
});
