// What starts by itself: at its time and not twice, only on the word of somebody who may, and never unnoticed when it does not.

import { expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const LOOK = `export const meta = { name: 'look', description: 'Looks for eval' }
  const hits = await repo.search('eval\\\\(', { glob: 'src/**' })
  const files = await repo.files('src/**')
  await report({
    findings: hits.map(({ path, line, text }) => ({ path, line, severity: 'high', title: 'Calls eval', rule: 'eval', evidence: text, verdict: 'confirmed' })),
    coverage: { inScope: files.length, read: files.length, notRead: [], scope: 'src/**' },
  })`;

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

it("starts at its time and once, skips what is in vain, and asks before it starts on nobody's word or as something else", async () => {
  await using stage = await openScheduled();
  const { people } = stage.github;
  expect(runsOf(stage)).toEqual([]);
  await using other = await stage.anotherProcess();
  const all = () => [...stage.desk.runs(), ...other.desk.runs()].map((run) => run.record());
  /** Both look at the same time, and only one of them may start it. */
  const both = async (moment: string): Promise<void> => {
    const { clock } = stage.world;
    await clock.advance(Date.parse(`2026-${moment}Z`) - clock.now());
    const { signal } = new AbortController();
    const beats = () => Promise.all([stage, other].map(({ schedules }) => schedules.beat(signal)));
    await clock.during(beats(), 1);
    await stage.settle();
    await other.settle();
    await clock.during(beats(), 1);
  };
  await beat({ world: stage.world, schedules: other.schedules });

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
  expect(stage.said()[0]).toContain("Started by the schedule `weekly`");
  expect(issueOf(stage)).toContain("**1 open finding**");
  expect(issueOf(stage)).toContain("| **Next** | Mon 12 Jan 2026, 03:0");

  await both("01-12T03:15");
  expect(lately(stage)).toContain("⏭️");
  expect(lately(stage)).toContain(
    `No file in its scope is another one than in run \`${first?.id}\`.`,
  );

  await stage.push({ "src/b.js": "eval(y)\n" });
  await both("01-20T12:00");
  expect(lately(stage)).toContain("💤");
  expect(lately(stage)).toContain("The bot was not at work at 2026-01-19 03:0");
  expect(all()).toHaveLength(1);

  people.set("ada", { id: 1, role: "read" });
  await both("01-26T03:15");
  expect(issueOf(stage)).toContain(
    "> **It does not start.** `ada`, on whose word it starts, has **read** access",
  );
  expect(stage.said().filter((body) => body.includes("does not start"))).toHaveLength(1);
  await stage.post("/workflow schedule resume weekly", "eve");
  expect(stage.said().at(-1)).toContain(
    "The schedule `weekly` goes on. It starts next: Mon 2 Feb 2026, 03:0",
  );

  await stage.push({ ".claude/workflows/look.js": `${LOOK}\n// more` });
  await both("02-02T03:15");
  expect(lately(stage)).toContain("The script of `look` is another one than it was set up with");
  await stage.post("/workflow schedule run weekly", "eve");
  expect(stage.said().at(-1)).toContain(
    "cannot start now, and nothing was started. The script of `look` is another one",
  );
  expect(all()).toHaveLength(1);
  await stage.post("/workflow schedule resume weekly", "eve");
  await both("02-09T03:15");
  const [second] = all().filter(({ id }) => id !== first?.id);
  expect(second).toMatchObject({ status: "completed", requester: { login: "eve" } });
  expect(all()).toHaveLength(2);
  expect(issueOf(stage)).toContain("**2 open findings** · 1 new");
});

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

const BODY = "export function load(text) {\n  return eval(text);\n}\n";

it("tells over six weeks what is new, moved, gone and dismissed, over a restart, around what people wrote, and of boxes", async () => {
  await using stage = await openStage({
    files: {
      "src/a.js": BODY,
      ".claude/workflows/look.js": LOOK,
      CODEOWNERS: "/src/ @acme/core\n",
    },
    model: nobody,
  });
  stage.github.scans = [];
  const settings = `${SCHEDULE}    when: always\ndashboard: true\n`;
  await stage.push({ ".github/fanfold.yml": settings }, "main", "ada");
  await beat(stage);
  const idOf = (path: string): string =>
    new RegExp(`(f-[0-9a-v]{6}).*${path}`, "u").exec(issueOf(stage))?.[1] ?? "none";
  const kept = () => stage.github.issues.find(({ title }) => title === "Fanfold: weekly");

  await until(stage, "01-05T03:15");
  expect(issueOf(stage)).toContain("**1 open finding** · 1 new");
  expect(issueOf(stage)).toMatch(/🔴 high \| \[`src\/a.js:2`\].*Calls eval.*`@acme\/core`/u);
  const first = idOf("src/a.js");

  const issue = kept();
  if (issue !== undefined) issue.body = `Ada owns this.\n\n${issue.body}\n\nAsk her first.`;
  await stage.push({
    "src/a.js": `// New here.\n\n${BODY}`,
    "src/b.js": BODY.replace("load", "read"),
  });
  await until(stage, "01-12T03:15");
  expect(issueOf(stage)).toMatch(/^Ada owns this\.\n\n<!-- fanfold:schedule=weekly -->/u);
  expect(issueOf(stage)).toMatch(/<!-- fanfold:end -->\n\nAsk her first\.$/u);
  expect(issueOf(stage)).toContain("**2 open findings** · 1 new · 0 gone since last time");
  expect(idOf("src/a.js:4")).toBe(first);

  await stage.post(`/workflow dismiss ${idOf("src/b.js")} because it reads our own file`, "rob");
  expect(stage.said().at(-1)).toContain("**write**");
  await stage.post(`/workflow dismiss ${idOf("src/b.js")} because it reads our own file`);
  expect(stage.said().at(-1)).toContain("is dismissed and stays so");
  await stage.restart({ wipe: true });
  await beat(stage);
  await until(stage, "01-19T03:15");
  expect(issueOf(stage)).toContain(
    "**1 open finding** · 0 new · 0 gone since last time · 1 dismissed",
  );
  expect(issueOf(stage)).toContain("it reads our own file");

  await stage.push({ "src/a.js": "export const load = JSON.parse;\n" });
  await until(stage, "01-26T03:15");
  expect(issueOf(stage)).toContain(
    "**No open findings** · 0 new · 1 gone since last time · 1 dismissed",
  );
  expect(issueOf(stage)).toContain(
    "**Looked at:** 2 of 2 files in scope read to the end, 0 not read.",
  );
  expect(issueOf(stage)).toContain(
    `\`${first}\` \`src/a.js\` Calls eval: its code is not there any more`,
  );

  await stage.push({ "src/a.js": BODY });
  await until(stage, "02-02T03:15");
  expect(idOf("src/a.js:2")).toBe(first);
  expect(issueOf(stage)).toContain("*(it was gone and is back)*");
  expect(issueOf(stage)).toMatch(/over 5 reports: `[▁▂▃▄▅▆▇█]{5}` 1 → 1/u);

  const told = stage.github.comments.filter(({ body }) => body.includes("<!-- fanfold:run="));
  expect(told.map(({ hidden }) => hidden)).toEqual([true, true, true, true, false]);
  expect(
    told.every(({ body }) => body.includes("goes into the report of the schedule `weekly`")),
  ).toBe(true);
  expect(told.some(({ body }) => body.includes("return eval(text)"))).toBe(false);

  const board = () => stage.github.issues.find(({ title }) => title === "Fanfold dashboard");
  const tick = async (act: string, login: string, id: number): Promise<void> => {
    const shown = board();
    if (shown === undefined) throw new Error("There is no dashboard.");
    const before = shown.body;
    shown.body = shown.body.replace(`[ ] <!-- fanfold:tick=${act}`, `[x] <!-- fanfold:tick=${act}`);
    const sender = { id, login, type: "User" };
    const edit = {
      repository: stage.world.ref,
      issue: shown.number,
      body: shown.body,
      before,
      sender,
    };
    // Somebody else edits, and the box that was ticked before is not theirs.
    const later = { ...edit, before: `${edit.body}.`, sender: { ...sender, id: 3, login: "eve" } };
    await stage.world.clock.during(stage.schedules.edited(later), 1);
    await stage.world.clock.during(stage.schedules.edited(edit), 1);
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

  await until(stage, "02-09T03:15");
  expect(runsOf(stage).filter(({ createdAt }) => createdAt > Date.UTC(2026, 1, 8))).toEqual([]);
  expect(stage.github.scans).toHaveLength(5);
});
