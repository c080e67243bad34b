// Three weeks of a repository with a scheduled audit and a migration, played on git in memory: what the issues of both say by then.

import { migrator, sources, WHAT } from "../migrations/package.ts";
import { openTalk, type Talk } from "../migrations/talk.ts";
import { playedBy } from "../story/actors.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const SETTINGS = `pullRequests:
  per: shard
  hourlyLimit: 4
  concurrentLimit: 8
approval:
  trusted: [migrate]
workerPulls: 0
dashboard: true
schedules:
  - name: weekly-audit
    workflow: look
    cron: weekly on monday at 3:00
    owner: ada
  - name: licences
    workflow: look
    cron: monthly
    owner: ada
`;

const LOOK = `export const meta = { name: 'look', description: 'Looks for code that runs text' }
  const rules = [
    ['eval\\\\(', 'critical', 'Runs text as code', 'run-text'],
    ['exec\\\\(', 'high', 'Hands text to a shell', 'shell'],
    ['Math.random', 'medium', 'Makes a token that can be guessed', 'weak-token'],
    ['JSON.parse', 'low', 'Ends the process on broken input', 'unchecked-input'],
  ]
  const files = await repo.files('src/**')
  const findings = []
  for (const [pattern, severity, title, rule] of rules)
    for (const { path, line, text } of (await repo.search(pattern, { glob: 'src/**' })))
      if (path.startsWith('src/'))
        findings.push({ path, line, severity, title, rule, evidence: text, verdict: 'confirmed' })
  await report({ findings, coverage: { inScope: files.length, read: files.length, notRead: [], scope: 'src/**' } })`;

const FILES = {
  CODEOWNERS: "/src/ @acme/core\n/src/jobs/ @acme/platform\n",
  "package.json": "{}\n",
  "src/load.js": "export function load(text) {\n  return eval(text);\n}\n",
  "src/jobs/run.js": "export const run = (name) => exec(`jobs/${name}`);\n",
  "src/token.js": "export const token = () => String(Math.random());\n",
  "src/read.js": "export const read = (text) => JSON.parse(text);\n",
};

/** Titles and texts of its issues. */
export async function playWeeks(): Promise<{ title: string; body: string }[]> {
  const texts: { of: (path: string) => string } = { of: () => "" };
  await using talk = openTalk({
    files: {
      ...(await sources()),
      ...FILES,
      ".claude/workflows/look.js": LOOK,
    },
    model: playedBy({ worker: migrator((path) => texts.of(path)) }),
  });
  talk.github.scans = [];
  texts.of = (path) => talk.textOf(path) ?? "";
  talk.push({ ".github/fanfold.yml": SETTINGS });
  talk.github.ci = async ({ read }) => {
    const isBroken = ((await read("functions/gte.js")) ?? "").includes("export default");
    return [{ name: "tests", passed: !isBroken, log: "gte is required by a script\n" }];
  };
  await talk.beatOfSchedules();
  await weekly(talk, {});
  await weekly(talk, { "src/cache.js": "export const restore = (text) => JSON.parse(text);\n" });
  await dismiss(talk, "src/read.js", "it reads our own files");
  await talk.post(`/workflow migrate {"what": "${WHAT}", "by": "file"}`);
  await talk.post("/workflow approve");
  await talk.hours(3);
  talk.push({ "functions/sort.js": "'use strict'\n\nmodule.exports = null\n" });
  const parts = () => talk.github.pulls.filter(({ head }) => head.startsWith("fanfold/migration-"));
  for (const pull of parts().slice(0, 5)) await talk.merge(pull);
  const no = parts()[5];
  if (no !== undefined) no.state = "closed";
  await weekly(talk, { "src/token.js": "export const token = () => crypto.randomUUID();\n" });
  for (const pull of parts().slice(6, 9)) await talk.merge(pull);
  await talk.hours(2);
  const also = parts()[9];
  if (also !== undefined) await talk.merge(also);
  await talk.hours(6);
  await weekly(talk, { "src/jobs/clean.js": "export const clean = () => exec('rm -r tmp');\n" });
  return talk.github.issues.map(({ title, body }) => ({ title, body }));
}

/** Somebody pushes; then the next Monday comes. */
async function weekly(talk: Talk, edits: Readonly<Record<string, string>>): Promise<void> {
  if (Object.keys(edits).length > 0) talk.push(edits);
  const now = talk.now();
  const first = Date.UTC(2026, 0, 5, 3, 15);
  const next = first + Math.ceil((now - first) / (7 * DAY_MS)) * 7 * DAY_MS;
  await talk.pass(next === now ? 7 * DAY_MS : next - now);
  await talk.beatOfSchedules();
  await talk.pass(0);
  await talk.beatOfSchedules();
}

async function dismiss(talk: Talk, path: string, reason: string): Promise<void> {
  const report = talk.github.issues.find(({ title }) => title === "Fanfold: weekly-audit");
  const row = report?.body.split("\n").find((line) => line.includes(path)) ?? "";
  const id = /f-[0-9a-v]{6}/u.exec(row)?.[0];
  await talk.post(`/workflow dismiss ${id} because ${reason}`);
}
