// A migration of a real package over three weeks: paced, a no remembered, conflicts and failing checks done again, the issue true.

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("semver/package.json"));
const WHAT = "CommonJS to ES modules in functions";
/** Of its files: each is a part. */
const PARTS = 20;
const HOUR_MS = 60 * 60_000;

/** Some 2,000 commands of git, on a busy machine. */
const SLOWEST_MS = 900_000;

const SETTINGS = `pullRequests:
  per: shard
  hourlyLimit: 4
  concurrentLimit: 40
approval:
  trusted: [migrate]
workerPulls: 0
dashboard: true
`;

async function sources(): Promise<Record<string, string>> {
  const names = (await readdir(join(PACKAGE, "functions"))).filter((name) => name.endsWith(".js"));
  const texts = names.map(async (name) => {
    const path = `functions/${name}`;
    return [path, await readFile(join(PACKAGE, path), "utf8")] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).slice(-PARTS));
}

/** What a careful person would type: two rules are enough for this package. */
const toModule = (text: string): string =>
  text
    .replaceAll(
      /^const (\{[^}]+\}|\w+) = require\('([^']+?)(?:\.js)?'\)$/gmu,
      "import $1 from '$2.js'",
    )
    .replace(/^module\.exports = /mu, "export default ")
    .replace(/^'use strict'\n\n/u, "");

/** Reads what stands there now, and writes it as a module; finds what is none yet. */
function migrator(): { actor: Actor; over: { stage: Stage | null } } {
  const over: { stage: Stage | null } = { stage: null };
  const textOf = async (path: string): Promise<string> =>
    (await over.stage?.git("show", `main:${path}`)) ?? "";
  const actor: Actor = async ({ task, turn }) => {
    const paths = [...new Set(task.match(/functions\/[\w-]+\.js/gu))];
    if (task.startsWith("Which of these")) {
      const texts = await Promise.all(
        paths.map(async (path) => ({ path, text: await textOf(path) })),
      );
      return {
        finish: {
          files: texts
            .filter(({ text }) => text.includes("module.exports"))
            .map(({ path }) => path),
        },
      };
    }
    const [path = ""] = paths;
    if (turn > 0) return { finish: { summary: `Turn ${path} into an ES module` } };
    const content = `${toModule(await textOf(path))}\n`;
    return { tools: [{ name: "write_file", input: { path, content } }] };
  };
  return { actor, over };
}

const issueOf = ({ github }: Stage): string =>
  github.issues.find(({ title }) => title.startsWith("Migration:"))?.body ?? "";

const partsOf = ({ github }: Stage) =>
  github.pulls.filter(({ head }) => head.startsWith("fanfold/migration-"));

const partFor = (stage: Stage, name: string) => {
  const found = partsOf(stage).find(({ title }) => title.endsWith(`functions/${name}.js`));
  if (found === undefined) throw new Error(`There is no pull request for ${name}.`);
  return found;
};

const rowOf = (stage: Stage, name: string): string =>
  issueOf(stage)
    .split("\n")
    .find((line) => line.includes(`functions/${name}.js`)) ?? "";

/** Some hours later, with one look at the end of each. */
async function hours(stage: Stage, count: number, eachMs = HOUR_MS): Promise<void> {
  const { clock } = stage.world;
  for (let hour = 0; hour < count; hour++) {
    await clock.advance(eachMs);
    await clock.during(stage.migrations.beat(new AbortController().signal), 1);
    await stage.settle();
  }
}

async function merge(stage: Stage, pull: { head: string }): Promise<void> {
  const branch = `refs/heads/${pull.head}`;
  const tree = await stage.git("merge-tree", "--write-tree", "refs/heads/main", branch);
  const commit = await stage.git(
    "commit-tree",
    tree,
    "-p",
    "refs/heads/main",
    "-p",
    branch,
    "-m",
    "Merge",
  );
  await stage.git("update-ref", "refs/heads/main", commit);
}

it(
  "opens four pull requests an hour, keeps a no, does again what conflicts or fails, and tells the truth after three weeks",
  async () => {
    const files = await sources();
    const names = Object.keys(files);
    expect(names).toHaveLength(PARTS);
    const { actor, over } = migrator();
    const model = playedBy({ worker: actor });
    await using stage = await openStage({
      files: { ...files, "package.json": "{}\n", ".github/fanfold.yml": SETTINGS },
      model,
    });
    over.stage = stage;
    stage.github.ci = async ({ read }) => {
      const text = (await read("functions/gte.js")) ?? "";
      return [
        {
          name: "tests",
          passed: !text.includes("export default"),
          log: "gte is required by a script\n",
        },
      ];
    };
    await stage.post(`/workflow migrate {"what": "${WHAT}", "by": "file"}`);
    await stage.settle();
    expect(stage.said().at(-1)).toContain(
      `Shall the other ${names.length - 1} be migrated the same way?`,
    );
    await stage.post("/workflow approve");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toContain(
      `${names.length} of ${names.length} parts are accepted. Each gets a pull request of its own`,
    );
    expect(stage.github.pulls).toEqual([]);

    const before = partsOf(stage).length;
    await hours(stage, 1);
    expect(partsOf(stage).length - before).toBe(4);
    await hours(stage, 1, 10 * 60_000);
    expect(partsOf(stage)).toHaveLength(4);
    expect(issueOf(stage)).toContain(
      `**0 of ${names.length} merged · 4 open · ${names.length - 4} waiting**`,
    );
    expect(issueOf(stage)).toContain("since 4 were opened within an hour");
    // Somebody changes a file whose part waits, and one whose part is open.
    const [open] = partsOf(stage);
    const openPath = /functions\/[\w-]+\.js/u.exec(open?.title ?? "")?.[0] ?? "";
    await stage.push({
      "functions/valid.js": `${files["functions/valid.js"]?.replace("module.exports = ", "module.exports = module.valid = ")}`,
      [openPath]: `${files[openPath]?.replace("module.exports = ", "module.exports = module.changed = ")}`,
    });
    await stage.restart({ wipe: true });
    await hours(stage, Math.ceil(names.length / 4));
    expect(partsOf(stage)).toHaveLength(names.length);
    const asked = stage.github.comments.filter(({ body }) => body.includes("Does the part"));
    expect(asked.length).toBeGreaterThanOrEqual(2);

    // Two are not wanted, one only fails here, the others are merged over two weeks.
    const [no, alsoNo] = [partFor(stage, "rcompare"), partFor(stage, "sort")];
    no.state = "closed";
    alsoNo.state = "closed";
    await hours(stage, 2, 6 * HOUR_MS);
    const kept = new Set([no, alsoNo, partFor(stage, "gte")]);
    const wanted = partsOf(stage).filter((pull) => !kept.has(pull));
    for (const [index, pull] of wanted.entries()) {
      await merge(stage, pull);
      if (index % 8 === 7) await hours(stage, 1, 6 * 24 * HOUR_MS);
    }
    await hours(stage, 2, 3 * 24 * HOUR_MS);
    const merged = names.length - 3;
    expect(issueOf(stage)).toContain(
      `**${merged} of ${names.length} merged · 1 with failing checks · 2 closed**`,
    );
    expect(rowOf(stage, "gte")).toContain("🔴 checks fail");
    expect(rowOf(stage, "gte")).toContain(
      "It was done again 2 times and is left to people. 1 check failed: tests.",
    );
    expect(rowOf(stage, "rcompare")).toContain("⚪ closed: no");
    expect(rowOf(stage, "valid")).toContain("🟣 merged");
    expect(await stage.git("show", "main:functions/valid.js")).toContain(
      "export default module.valid",
    );
    expect(await stage.git("show", `main:${openPath}`)).toContain("export default module.changed");

    // Again, with a new place: nothing else is proposed anew.
    await stage.push({ "functions/fresh.js": "'use strict'\n\nmodule.exports = 1\n" });
    await stage.post(`/workflow migrate {"what": "${WHAT}", "by": "file"}`);
    await stage.settle();
    await hours(stage, 1);
    expect(partsOf(stage)).toHaveLength(names.length + 1);
    expect(new Set(partsOf(stage).map(({ head }) => head)).size).toBe(names.length + 1);
    expect(no.state).toBe("closed");
    expect(issueOf(stage)).toContain(`**${merged} of ${names.length + 1} merged · 1 open`);
    expect(stage.github.issues.filter(({ title }) => title.startsWith("Migration:"))).toHaveLength(
      1,
    );
    await stage.world.clock.during(stage.schedules.beat(new AbortController().signal), 1);
    const board = stage.github.issues.find(({ title }) => title === "Fanfold dashboard");
    expect(board?.body).toContain(`### Migrations`);
    expect(board?.body).toContain(`${merged} of ${names.length + 1} merged`);
    const told = model.requests.map((request) => JSON.stringify(request));
    expect(told.some((text) => text.includes("gte is required by a script"))).toBe(true);
  },
  SLOWEST_MS,
);
