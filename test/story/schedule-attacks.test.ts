// Schedules among people and machines that get in their way: lines taken away, a book that somebody wrote into, runs that wait.

import { expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const LOOK = `export const meta = { name: 'look', description: 'Looks for eval' }
  const hits = await repo.search('eval\\\\(', { glob: 'src/**' })
  const files = await repo.files('src/**')
  await report({
    findings: hits.map(({ path, line, text }) => ({ path, line, title: 'Calls eval', rule: 'eval', evidence: text })),
    coverage: { inScope: files.length, read: files.length, notRead: [], scope: 'src/**' },
  })`;
const FILES = { "src/a.js": "eval(x)\n", ".claude/workflows/look.js": LOOK };
const PATH = ".github/fanfold.yml";
const BOOK = "refs/fanfold/schedules/state";

const SCHEDULE =
  "schedules:\n  - name: weekly\n    workflow: look\n    cron: weekly on monday at 3:00\n";

async function beat({ schedules, world }: Stage): Promise<void> {
  await world.clock.during(schedules.beat(new AbortController().signal), 1);
}

async function until(stage: Stage, moment: string): Promise<void> {
  const { clock } = stage.world;
  await clock.advance(Date.parse(`2026-${moment}Z`) - clock.now());
  await beat(stage);
  await stage.settle();
  await beat(stage);
}

const issueOf = (stage: Stage) => {
  const issue = stage.github.issues.find(({ title }) => title === "Fanfold: weekly");
  if (issue === undefined) throw new Error("The schedule has no issue.");
  return issue;
};

it("goes on where its book is taken away or written into, keeps people's words, and ends with its lines", async () => {
  await using stage = await openStage({ files: FILES, model: playedBy({}) });
  // A week apart, to the second: whoever looks a minute sooner than the last time must not lose a week.
  const when = "    when: { cooldownHours: 168, anywayAfterDays: 7 }\n";
  await stage.push({ [PATH]: SCHEDULE + when }, "main", "ada");
  await beat(stage);
  await until(stage, "01-05T03:16");
  await stage.git("update-ref", "-d", BOOK);
  await until(stage, "01-05T05:00");
  expect(await stage.git("for-each-ref", BOOK)).toContain(BOOK);
  await until(stage, "01-12T03:15");
  expect(issueOf(stage).body).toContain("over 2 reports");

  await stage.git("update-ref", BOOK, "refs/heads/main");
  const issue = issueOf(stage);
  issue.body = `${issue.body.replace("<!-- fanfold:end -->", "")}\nAsk Ada first.`;
  await until(stage, "01-19T03:15");
  expect(issueOf(stage).body).toContain("over 3 reports");
  expect(issueOf(stage).body).toMatch(/<!-- fanfold:end -->\n+Ask Ada first\.$/u);

  await stage.push({ [PATH]: "schedules: 7\n" });
  await until(stage, "01-26T03:15");
  await beat(stage);
  const told = stage.said().filter((body) => body.includes("cannot be used as it is"));
  expect(told).toHaveLength(1);

  await stage.push({ [PATH]: "budget:\n  run: 3\n" });
  await until(stage, "01-26T05:00");
  expect(issueOf(stage).body).toContain("> **No schedule any more.** `weekly` does not stand in");
  expect(issueOf(stage).body).toContain("**1 open finding**");
  await until(stage, "02-20T12:00");
  await stage.push({ [PATH]: SCHEDULE }, "main", "ada");
  await until(stage, "02-20T14:00");
  await stage.push({ "src/b.js": "1\n" });
  await until(stage, "02-23T03:15");
  expect(issueOf(stage).body).toContain("over 4 reports");
  expect(issueOf(stage).body).not.toContain("The bot was not at work");
  expect(issueOf(stage).body).toContain(
    "`.github/fanfold.yml` on the default branch cannot be used",
  );
});

it("says that it stands still while its run waits for somebody, and is nobody's who only started it once", async () => {
  await using stage = await openStage({ files: FILES, model: playedBy({}) });
  const settings = `approval: { when: always, expiresHours: 720 }\n${SCHEDULE}    when: always\n`;
  await stage.push({ [PATH]: settings });
  await beat(stage);
  await stage.post("/workflow schedule run weekly", "mia");
  await stage.settle();
  const [run] = stage.desk.runs().map((each) => each.record());
  expect(run).toMatchObject({ status: "waiting", requester: { login: "mia" } });
  expect(issueOf(stage).body).toContain("| **On the word of** | whoever wrote its lines |");
  await until(stage, "01-05T03:15");
  await until(stage, "01-12T03:15");
  expect(issueOf(stage).body).toContain(
    `> **It does not start.** Run \`${run?.id}\`, its last one, waits`,
  );
  const called = stage.said().filter((body) => body.includes(`/workflow cancel ${run?.id}`));
  expect(
    called.filter((body) => body.includes("The schedule `weekly` does not start")),
  ).toHaveLength(1);
  expect(stage.desk.runs()).toHaveLength(1);
  await stage.post(`/workflow cancel ${run?.id}`, "mia");
  await stage.settle();
  await until(stage, "01-19T03:15");
  expect(issueOf(stage).body).toContain("Nobody is known on whose word it starts");
});
