// A migration of a real package over three weeks: paced, a no remembered, conflicts and failing checks done again, the issue true.

import { expect, it } from "vitest";

import { playedBy } from "../story/actors.ts";
import { migrator, PARTS, sources, WHAT } from "./package.ts";
import { openTalk, type Talk } from "./talk.ts";

const HOUR_MS = 60 * 60_000;

const SETTINGS = `pullRequests:
  per: shard
  hourlyLimit: 4
  concurrentLimit: 40
approval:
  trusted: [migrate]
workerPulls: 0
dashboard: true
`;

const issueOf = ({ github }: Talk): string =>
  github.issues.find(({ title }) => title.startsWith("Migration:"))?.body ?? "";

const partsOf = ({ github }: Talk) =>
  github.pulls.filter(({ head }) => head.startsWith("fanfold/migration-"));

const partFor = (talk: Talk, name: string) => {
  const found = partsOf(talk).find(({ title }) => title.endsWith(`functions/${name}.js`));
  if (found === undefined) throw new Error(`There is no pull request for ${name}.`);
  return found;
};

const rowOf = (talk: Talk, name: string): string =>
  issueOf(talk)
    .split("\n")
    .find((line) => line.includes(`functions/${name}.js`)) ?? "";

const pathOf = (title = ""): string => /functions\/[\w-]+\.js/u.exec(title)?.[0] ?? "";

it("opens four pull requests an hour, keeps a no, does again what conflicts or fails, and tells the truth after three weeks", async () => {
  const files = await sources();
  const names = Object.keys(files);
  expect(names).toHaveLength(PARTS);
  const texts: { of: (path: string) => string } = { of: () => "" };
  const model = playedBy({ worker: migrator((path) => texts.of(path)) });
  await using talk = openTalk({
    files: { ...files, "package.json": "{}\n", ".github/fanfold.yml": SETTINGS },
    model,
  });
  texts.of = (path) => talk.textOf(path) ?? "";
  talk.github.ci = async ({ read }) => {
    const text = (await read("functions/gte.js")) ?? "";
    const log = "gte is required by a script\n";
    return [{ name: "tests", passed: !text.includes("export default"), log }];
  };
  await talk.post(`/workflow migrate {"what": "${WHAT}", "by": "file"}`);
  expect(talk.said().at(-1)).toContain(
    `Shall the other ${names.length - 1} be migrated the same way?`,
  );
  await talk.post("/workflow approve");
  expect(talk.said()[0]).toContain("✅ Completed");
  expect(talk.said()[0]).toContain(
    `${names.length} of ${names.length} parts are accepted. Each gets a pull request of its own`,
  );
  expect(talk.github.pulls).toEqual([]);

  await talk.hours(1);
  expect(partsOf(talk)).toHaveLength(4);
  await talk.hours(1, 10 * 60_000);
  expect(partsOf(talk)).toHaveLength(4);
  expect(issueOf(talk)).toContain(
    `**0 of ${names.length} merged · 4 open · ${names.length - 4} waiting**`,
  );
  expect(issueOf(talk)).toContain("since 4 were opened within an hour");

  // Somebody changes a file whose part waits, and one whose part is open; the machine is lost.
  const openPath = pathOf(partsOf(talk)[0]?.title);
  const changed = (path: string, name: string): string =>
    files[path]?.replace("module.exports = ", `module.exports = module.${name} = `) ?? "";
  talk.push({
    "functions/valid.js": changed("functions/valid.js", "valid"),
    [openPath]: changed(openPath, "changed"),
  });
  await talk.restart();
  await talk.hours(2 + Math.ceil(names.length / 4));
  expect(partsOf(talk)).toHaveLength(names.length);
  const again = talk.github.comments.flatMap(
    ({ body }) =>
      /Does the part `([^`]+)` again: The default branch changed the same lines/.exec(body)?.[1] ??
      [],
  );
  expect(new Set(again)).toEqual(new Set(["functions/valid.js", openPath]));

  // Two are not wanted, one only fails here, the others are merged over two weeks.
  const [no, alsoNo] = [partFor(talk, "rcompare"), partFor(talk, "sort")];
  no.state = "closed";
  alsoNo.state = "closed";
  await talk.hours(2, 6 * HOUR_MS);
  const kept = new Set([no, alsoNo, partFor(talk, "gte")]);
  const wanted = partsOf(talk).filter((pull) => !kept.has(pull));
  for (const [index, pull] of wanted.entries()) {
    await talk.merge(pull);
    if (index % 8 === 7) await talk.hours(1, 6 * 24 * HOUR_MS);
  }
  await talk.hours(2, 3 * 24 * HOUR_MS);
  const merged = names.length - 3;
  expect(issueOf(talk)).toContain(
    `**${merged} of ${names.length} merged · 1 with failing checks · 2 closed**`,
  );
  expect(rowOf(talk, "gte")).toContain("🔴 checks fail");
  expect(rowOf(talk, "gte")).toContain(
    "It was done again 2 times and is left to people. 1 check failed: tests.",
  );
  expect(rowOf(talk, "rcompare")).toContain("⚪ closed: no");
  expect(rowOf(talk, "valid")).toContain("🟣 merged");
  expect(talk.textOf("functions/valid.js")).toContain("export default module.valid");
  expect(talk.textOf(openPath)).toContain("export default module.changed");

  // Again, with a new place: nothing else is proposed anew.
  talk.push({ "functions/fresh.js": "'use strict'\n\nmodule.exports = 1\n" });
  await talk.post(`/workflow migrate {"what": "${WHAT}", "by": "file"}`);
  await talk.hours(1);
  expect(partsOf(talk)).toHaveLength(names.length + 1);
  expect(new Set(partsOf(talk).map(({ head }) => head)).size).toBe(names.length + 1);
  expect(no.state).toBe("closed");
  expect(issueOf(talk)).toContain(`**${merged} of ${names.length + 1} merged · 1 open`);
  expect(talk.github.issues.filter(({ title }) => title.startsWith("Migration:"))).toHaveLength(1);
  await talk.beatOfSchedules();
  const board = talk.github.issues.find(({ title }) => title === "Fanfold dashboard");
  expect(board?.body).toContain(`### Migrations`);
  expect(board?.body).toContain(`${merged} of ${names.length + 1} merged`);
  const told = model.requests.map((request) => JSON.stringify(request));
  expect(told.some((text) => text.includes("gte is required by a script"))).toBe(true);
}, 120_000);
