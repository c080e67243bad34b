// A weekly audit over six weeks, on git in memory: when it starts and when not, in two processes; what is new, moved, gone and dismissed, around what people wrote; and boxes that people tick.

import { expect, it } from "vitest";

import { openTalk, type Talk } from "../migrations/talk.ts";
import { BODY, issueOf, LOOK, nobody, SCHEDULE, until } from "./weekly.ts";

const FILES = { "src/a.js": "eval(x)\n", ".claude/workflows/look.js": LOOK };

const lately = (talk: Talk): string => /### What happened\n\n(.*)/u.exec(issueOf(talk))?.[1] ?? "";

it("starts at its time and once, skips what is in vain, and asks before it starts on nobody's word or as something else", async () => {
  await using talk = openTalk({ files: FILES, model: nobody });
  talk.push({ ".github/fanfold.yml": SCHEDULE });
  await talk.beatOfSchedules();
  const { people } = talk.github;
  expect(talk.runs()).toEqual([]);
  await using other = await talk.another();
  const all = () => [...talk.runs(), ...other.runs()];
  /** Both look at the same time, and only one of them may start it. */
  const both = async (moment: string): Promise<void> => {
    const { clock } = talk;
    await clock.advance(Date.parse(`2026-${moment}Z`) - clock.now());
    const { signal } = new AbortController();
    const beats = () => Promise.all([talk, other].map(({ schedules }) => schedules.beat(signal)));
    await clock.during(beats(), 1);
    await talk.settle();
    await other.settle();
    await clock.during(beats(), 1);
  };
  await talk.clock.during(other.schedules.beat(new AbortController().signal), 1);

  await both("01-05T03:15");
  const [first, ...none] = all();
  expect(none).toEqual([]);
  expect(first).toMatchObject({
    status: "completed",
    requester: { id: 1, login: "ada" },
    said: null,
    occasion: { schedule: "weekly" },
    limits: { budgetUsd: 3 },
  });
  expect(talk.said()[0]).toContain("Started by the schedule `weekly`");
  expect(issueOf(talk)).toContain("**1 open finding**");
  expect(issueOf(talk)).toContain("| **Next** | Mon 12 Jan 2026, 03:0");

  await both("01-12T03:15");
  expect(lately(talk)).toContain("⏭️");
  expect(lately(talk)).toContain(
    `No file in its scope is another one than in run \`${first?.id}\`.`,
  );

  talk.push({ "src/b.js": "eval(y)\n" });
  await both("01-20T12:00");
  expect(lately(talk)).toContain("💤");
  expect(lately(talk)).toContain("The bot was not at work at 2026-01-19 03:0");
  expect(all()).toHaveLength(1);

  people.set("ada", { id: 1, role: "read" });
  await both("01-26T03:15");
  expect(issueOf(talk)).toContain(
    "> **It does not start.** `ada`, on whose word it starts, has **read** access",
  );
  expect(talk.said().filter((body) => body.includes("does not start"))).toHaveLength(1);
  await talk.post("/workflow schedule resume weekly", "eve");
  expect(talk.said().at(-1)).toContain(
    "The schedule `weekly` goes on. It starts next: Mon 2 Feb 2026, 03:0",
  );

  talk.push({ ".claude/workflows/look.js": `${LOOK}\n// more` });
  await both("02-02T03:15");
  expect(lately(talk)).toContain("The script of `look` is another one than it was set up with");
  await talk.post("/workflow schedule run weekly", "eve");
  expect(talk.said().at(-1)).toContain(
    "cannot start now, and nothing was started. The script of `look` is another one",
  );
  expect(all()).toHaveLength(1);
  await talk.post("/workflow schedule resume weekly", "eve");
  await both("02-09T03:15");
  const [second] = all().filter(({ id }) => id !== first?.id);
  expect(second).toMatchObject({ status: "completed", requester: { login: "eve" } });
  expect(all()).toHaveLength(2);
  expect(issueOf(talk)).toContain("**2 open findings** · 1 new");
});

it("tells over six weeks what is new, moved, gone and dismissed, over a restart, around what people wrote, and of boxes", async () => {
  await using talk = openTalk({
    files: {
      "src/a.js": BODY,
      ".claude/workflows/look.js": LOOK,
      CODEOWNERS: "/src/ @acme/core\n",
    },
    model: nobody,
  });
  talk.github.scans = [];
  talk.push({ ".github/fanfold.yml": `${SCHEDULE}    when: always\ndashboard: true\n` });
  await talk.beatOfSchedules();
  const idOf = (path: string): string =>
    new RegExp(`(f-[0-9a-v]{6}).*${path}`, "u").exec(issueOf(talk))?.[1] ?? "none";
  const kept = () => talk.github.issues.find(({ title }) => title === "Fanfold: weekly");

  await until(talk, "01-05T03:15");
  expect(issueOf(talk)).toContain("**1 open finding** · 1 new");
  expect(issueOf(talk)).toMatch(/🔴 high \| \[`src\/a.js:2`\].*Calls eval.*`@acme\/core`/u);
  const first = idOf("src/a.js");

  const issue = kept();
  if (issue !== undefined) issue.body = `Ada owns this.\n\n${issue.body}\n\nAsk her first.`;
  talk.push({
    "src/a.js": `// New here.\n\n${BODY}`,
    "src/b.js": BODY.replace("load", "read"),
  });
  await until(talk, "01-12T03:15");
  expect(issueOf(talk)).toMatch(/^Ada owns this\.\n\n<!-- fanfold:schedule=weekly -->/u);
  expect(issueOf(talk)).toMatch(/<!-- fanfold:end -->\n\nAsk her first\.$/u);
  expect(issueOf(talk)).toContain("**2 open findings** · 1 new · 0 gone since last time");
  expect(idOf("src/a.js:4")).toBe(first);

  await talk.post(`/workflow dismiss ${idOf("src/b.js")} because it reads our own file`, "rob");
  expect(talk.said().at(-1)).toContain("**write**");
  await talk.post(`/workflow dismiss ${idOf("src/b.js")} because it reads our own file`);
  expect(talk.said().at(-1)).toContain("is dismissed and stays so");
  await talk.restart();
  await talk.beatOfSchedules();
  await until(talk, "01-19T03:15");
  expect(issueOf(talk)).toContain(
    "**1 open finding** · 0 new · 0 gone since last time · 1 dismissed",
  );
  expect(issueOf(talk)).toContain("it reads our own file");

  talk.push({ "src/a.js": "export const load = JSON.parse;\n" });
  await until(talk, "01-26T03:15");
  expect(issueOf(talk)).toContain(
    "**No open findings** · 0 new · 1 gone since last time · 1 dismissed",
  );
  expect(issueOf(talk)).toContain(
    "**Looked at:** 2 of 2 files in scope read to the end, 0 not read.",
  );
  expect(issueOf(talk)).toContain(
    `\`${first}\` \`src/a.js\` Calls eval: its code is not there any more`,
  );

  talk.push({ "src/a.js": BODY });
  await until(talk, "02-02T03:15");
  expect(idOf("src/a.js:2")).toBe(first);
  expect(issueOf(talk)).toContain("*(it was gone and is back)*");
  expect(issueOf(talk)).toMatch(/over 5 reports: `[▁▂▃▄▅▆▇█]{5}` 1 → 1/u);

  const told = talk.github.comments.filter(({ body }) => body.includes("<!-- fanfold:run="));
  expect(told.map(({ hidden }) => hidden)).toEqual([true, true, true, true, false]);
  expect(
    told.every(({ body }) => body.includes("goes into the report of the schedule `weekly`")),
  ).toBe(true);
  expect(told.some(({ body }) => body.includes("return eval(text)"))).toBe(false);

  const board = () => talk.github.issues.find(({ title }) => title === "Fanfold dashboard");
  const tick = async (act: string, login: string, id: number): Promise<void> => {
    const shown = board();
    if (shown === undefined) throw new Error("There is no dashboard.");
    const before = shown.body;
    shown.body = shown.body.replace(`[ ] <!-- fanfold:tick=${act}`, `[x] <!-- fanfold:tick=${act}`);
    const sender = { id, login, type: "User" };
    const edit = {
      repository: talk.ref,
      issue: shown.number,
      body: shown.body,
      before,
      sender,
    };
    // Somebody else edits, and the box that was ticked before is not theirs.
    const later = { ...edit, before: `${edit.body}.`, sender: { ...sender, id: 3, login: "eve" } };
    await talk.clock.during(talk.schedules.edited(later), 1);
    await talk.clock.during(talk.schedules.edited(edit), 1);
  };
  expect(board()?.body).toContain(
    "| `weekly` | `weekly on monday at 3:00` (UTC) | Mon 9 Feb 2026, 03:0",
  );
  await tick("pause:weekly", "rob", 2);
  expect(board()?.body).toContain(
    "`rob` ticked a box that takes **write** access and has **read**: nothing was done",
  );
  expect(board()?.body).not.toContain("[x]");
  await tick("pause:weekly", "eve", 1);
  expect(board()?.body).not.toContain("⏸️ paused");
  await tick("pause:weekly", "eve", 3);
  expect(board()?.body).toContain("⏸️ paused by `eve`");
  expect(board()?.body).toContain("- [ ] <!-- fanfold:tick=resume:weekly -->");

  await until(talk, "02-09T03:15");
  expect(talk.runs().filter(({ createdAt }) => createdAt > Date.UTC(2026, 1, 8))).toEqual([]);
  expect(talk.github.scans).toHaveLength(5);
});
