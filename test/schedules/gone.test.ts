// What goes without anybody having read it: a file that has another name, a finding that is refuted, a schedule's own lines.

import { expect, it } from "vitest";

import { openTalk } from "../migrations/talk.ts";
import { BODY, issueOf, nobody, SCHEDULE, until } from "./weekly.ts";

const MARKED = `export const meta = { name: 'look', description: 'Looks for eval' }
  const hits = await repo.search('eval\\\\(', { glob: 'src/**' })
  const files = await repo.files('src/**')
  const notRead = files.filter((path) => path.includes('unread'))
  const verdictOf = (text) => text.includes('trusted') ? 'refuted' : 'confirmed'
  await report({
    findings: hits.filter(({ path }) => !notRead.includes(path)).map(({ path, line, text }) => ({ path, line, severity: 'high', title: 'Calls eval', rule: 'eval', evidence: text, verdict: verdictOf(text) })),
    coverage: { inScope: files.length, read: files.length - notRead.length, notRead, scope: 'src/**' },
  })`;

it("follows a file that nobody read to its new name, takes a refutation at once, and closes the alerts of a schedule that goes", async () => {
  const files = {
    "src/a.js": BODY,
    "src/b.js": BODY.replace("load", "read"),
    ".claude/workflows/look.js": MARKED,
  };
  await using talk = openTalk({ files, model: nobody });
  const scans: { ref: string; commit: string; sarif: string }[] = [];
  talk.github.scans = scans;
  talk.push({ ".github/fanfold.yml": `${SCHEDULE}    when: always\n` });
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  expect(issueOf(talk)).toContain("**2 open findings** · 2 new");
  const id = /(f-[0-9a-v]{6}).*src\/a\.js/u.exec(issueOf(talk))?.[1] ?? "none";

  talk.push({
    "src/a.js": null,
    "src/unread.js": BODY,
    "src/b.js": BODY.replace("load", "read").replace("eval(text)", "eval(text) // trusted"),
  });
  await until(talk, "01-12T03:15");
  expect(issueOf(talk)).toContain("**1 open finding** · 0 new · 1 gone since last time");
  expect(issueOf(talk)).toMatch(
    new RegExp(`${id}.*src/unread\\.js:2.*could not be looked for`, "u"),
  );
  expect(issueOf(talk)).toContain("Calls eval: looked at again, and refuted");

  talk.push({ ".github/fanfold.yml": "dashboard: false\n" });
  await until(talk, "01-13T03:15");
  expect(issueOf(talk)).toContain("**No schedule any more.**");
  expect(issueOf(talk)).toContain("Its alerts in code scanning are closed since 2026-01-13");
  expect(scans).toHaveLength(3);
  expect(JSON.parse(scans[2]?.sarif ?? "")).toMatchObject({
    runs: [{ automationDetails: { id: "fanfold/weekly/" }, results: [] }],
  });
  await until(talk, "01-14T03:15");
  expect(scans).toHaveLength(3);
});

it("says that alerts stay open where code scanning takes no report any more, and tries no more", async () => {
  await using talk = openTalk({
    files: { "src/a.js": BODY, ".claude/workflows/look.js": MARKED },
    model: nobody,
  });
  talk.github.scans = [];
  const settings = `${SCHEDULE}    when: always\n`;
  talk.push({ ".github/fanfold.yml": settings });
  await talk.beatOfSchedules();
  await until(talk, "01-05T03:15");
  expect(talk.github.scans).toHaveLength(1);
  talk.github.scans = "refused";
  talk.push({ ".github/fanfold.yml": `${settings}    report: issue\n` });
  await until(talk, "01-12T03:15");
  expect(issueOf(talk)).toContain("**1 open finding** · 0 new");
  expect(issueOf(talk)).toContain(
    "Its alerts in code scanning stay open: GitHub takes no report for code scanning here any more.",
  );
  talk.github.scans = [];
  await until(talk, "01-19T03:15");
  expect(talk.github.scans).toEqual([]);
});
