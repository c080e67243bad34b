// Every built-in workflow, and a script written for the task, does its job on the sample repository with the demo model.

import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Model, ModelError } from "../../src/agent/model.ts";
import { priceOf } from "../../src/config/models.ts";
import { type DemoModel, startDemoModel } from "../../src/local/model/demo.ts";
import { checkScript } from "../../src/script/check.ts";
import { createClaude } from "../../src/outside/claude/claude.ts";
import { reachAnthropic } from "../../src/outside/claude/reach.ts";
import { systemClock } from "../../src/outside/clock.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SAMPLE = fileURLToPath(new URL("../../src/local/sample/", import.meta.url));

let server: DemoModel;
let model: Model;
let files: Record<string, string>;

beforeAll(async () => {
  server = await startDemoModel();
  model = createClaude({
    reach: reachAnthropic({ apiKey: "any", baseUrl: server.url }),
    prices: priceOf,
    clock: systemClock,
    idleMs: 20_000,
  });
  files = await textFiles();
});
afterAll(() => server.close());

async function textFiles(): Promise<Record<string, string>> {
  const names = await readdir(SAMPLE, { recursive: true, withFileTypes: true });
  const texts = names
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".png"))
    .map(async (entry) => {
      const path = `${entry.parentPath}/${entry.name}`.replaceAll(/\/+/g, "/");
      return [path.slice(SAMPLE.length), await readFile(path, "utf8")] as const;
    });
  return Object.fromEntries(await Promise.all(texts));
}

async function ranOn(comment: string): Promise<Stage> {
  const stage = await openStage({ files, model, modelName: "claude-sonnet-5-5" });
  await stage.post(comment);
  await stage.settle();
  return stage;
}

const finalOf = ({ github }: Stage) => github.pulls.find(({ base }) => base === "main");

it("every built-in workflow says when to use it, what it costs and what it leaves", async () => {
  const folder = new URL("../../workflows/", import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  expect(names).toHaveLength(6);
  for (const name of names) {
    const checked = checkScript(await readFile(new URL(name, folder), "utf8"));
    const said = checked.meta?.whenToUse ?? "";
    expect(`${name}: ${said}`).toMatch(/^[a-z]+\.js: `\/workflow .*Costs .*leaves /isu);
  }
});

describe("with the demo model on the sample", () => {
  it("an authored script audits, fixes, is rejected once, revises and folds", async () => {
    await using stage = await ranOn("/workflow audit and fix unsafe string handling in src");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.github.pulls.length).toBeGreaterThanOrEqual(4);
    expect(finalOf(stage)).toMatchObject({ draft: true, state: "open" });
    const bodies = stage.github.reviews.map(({ body }) => body);
    expect(bodies.filter((body) => body.includes("❌ Rejected"))).toHaveLength(1);
    expect(stage.github.reviews.flatMap(({ threads }) => threads).length).toBeGreaterThanOrEqual(3);
    expect(finalOf(stage)?.body).toMatch(/[1-9]\d* changes in [1-9]\d* files.*demo model/s);
  });

  it("audit reports what it found, what it verified and what it read, and changes nothing", async () => {
    await using stage = await ranOn("/workflow audit unsafe string handling");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toMatch(/\d+ confirmed/);
    expect(stage.said()[0]).toMatch(/Coverage: \d+ files in scope, \d+ read/);
    expect(stage.github.pulls).toEqual([]);
  });

  it("fix ends in a pull request of one worker", async () => {
    await using stage = await ranOn("/workflow fix unsafe string handling in src/csv.js");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(finalOf(stage)).toBeDefined();
    expect(stage.github.pulls).toHaveLength(2);
  });

  it("migrate takes an inventory and migrates each file on its own branch", async () => {
    await using stage = await ranOn(
      "/workflow migrate legacy string methods to modern ones in src",
    );
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(finalOf(stage)).toBeDefined();
    expect(stage.github.pulls.length).toBeGreaterThanOrEqual(3);
  });

  it("review wants a pull request, and says so", async () => {
    await using stage = await ranOn("/workflow review");
    expect(stage.said()[0]).toMatch(/looks at a pull request/);
  });
});

describe("when agents are lost", () => {
  const gone = { error: new ModelError("invalid-request", "The model is gone.") };
  const sources = (count: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`src/f${String(n).padStart(2, "0")}.js`, "x\n"]),
    );
  const pathsIn = (task: string): string[] => task.match(/src\/f\d\d\.js/g) ?? [];
  const finding = { path: "src/f08.js", line: 1, severity: "high", title: "x", evidence: "x" };

  it("audit counts their files as lost, and nothing as read that nobody read", async () => {
    const worker: Actor = ({ task }) => {
      if (task.includes("Part 1 of")) return gone;
      const [first = "", ...rest] = pathsIn(task);
      // It claims to have read a file of the batch that was lost, and leaves out one of its own.
      return { finish: { read: ["src/f00.js", ...rest], findings: [{ ...finding, path: first }] } };
    };
    const files = { ...sources(18), "vendor/lib.js": "x\n" };
    const model = playedBy({ worker, reviewer: () => gone });
    await using stage = await openStage({ files, model });
    await stage.post("/workflow audit");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain(
      "Coverage: 18 files in scope, 8 read, 2 not read, 8 lost with their agents, 1 skipped beside them.",
    );
    expect(said).toMatch(/0 confirmed, 2 unverified, 0 refuted; 8 of 18 files were not looked at/);
    expect(said).toContain("⚠️ Completed in part");
  });

  it("audit says what it refuted apart from what it found, and stands for the latter alone", async () => {
    const worker: Actor = () => ({
      finish: {
        read: ["src/f00.js"],
        findings: ["open", "trusted"].map((title, at) => ({
          ...finding,
          path: "src/f00.js",
          line: at + 1,
          title,
        })),
      },
    });
    const reviewer: Actor = ({ task }) => ({
      finish: { refuted: task.includes("trusted"), evidence: "It is." },
    });
    const model = playedBy({ worker, reviewer });
    await using stage = await openStage({ files: { "src/f00.js": "x\ny\n" }, model });
    await stage.post("/workflow audit");
    await stage.settle();
    const [said = ""] = stage.said();
    const [held = "", refuted = ""] = said.split("<summary>1 finding refuted</summary>");
    expect(held).toContain("1 confirmed, 0 unverified, 1 refuted");
    expect(held).toContain("`src/f00.js:1`");
    expect(held).not.toContain("`src/f00.js:2`");
    expect(refuted).toContain("`src/f00.js:2`");
  });

  it("review says which angles nobody looked from", async () => {
    const worker: Actor = ({ task }) =>
      task.includes("for security") ? gone : { finish: { findings: [] } };
    await using stage = await openStage({ files: sources(2), model: playedBy({ worker }) });
    await stage.openPull({ "src/f00.js": "y\n", "src/f01.js": "y\n" });
    await stage.post("/workflow review");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain("3 of 4 reviewers answered, so nobody looked for security.");
    expect(said).toContain("Coverage: 2 files in scope, 2 read, 0 not read.");
  });

  it("review has read nothing when all of them are", async () => {
    await using stage = await openStage({
      files: sources(2),
      model: playedBy({ worker: () => gone }),
    });
    await stage.openPull({ "src/f00.js": "y\n" });
    await stage.post("/workflow review");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain(
      "Coverage: 1 file in scope, 0 read, 0 not read, 1 lost with their agents.",
    );
    expect(said).toContain("❌ Failed");
  });

  it("migrate without an inventory has not found that there is nothing to do", async () => {
    await using stage = await openStage({
      files: sources(3),
      model: playedBy({ worker: () => gone }),
    });
    await stage.post("/workflow migrate x to y");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain("The inventory failed, so nothing was migrated: none of 3 files");
    expect(said).not.toContain("Nothing to migrate: none of 3");
    expect(said).toContain("❌ Failed");
  });

  it("migrate begins no other part when the first one is not accepted", async () => {
    const asked: string[] = [];
    const worker: Actor = ({ task }) => {
      if (task.startsWith("Which of these")) return { finish: { files: pathsIn(task) } };
      asked.push(...pathsIn(task));
      return gone;
    };
    await using stage = await openStage({ files: sources(3), model: playedBy({ worker }) });
    await stage.post("/workflow migrate x to y");
    await stage.settle();
    expect(stage.said()[0]).toContain(
      "Nothing was migrated: the first of 3 parts, `src/f00.js`, is unchanged, so the others were not begun: `src/f01.js`, `src/f02.js`.",
    );
    expect(asked).toEqual(["src/f00.js"]);
  });

  it("migrate names the files it did not migrate", async () => {
    const worker: Actor = ({ task, turn }) => {
      if (task.startsWith("Which of these")) return { finish: { files: pathsIn(task) } };
      const [path = ""] = pathsIn(task);
      if (path === "src/f01.js") return gone;
      if (turn > 0) return { finish: { summary: `Migrate ${path}` } };
      return { tools: [{ name: "write_file", input: { path, content: "y\n" } }] };
    };
    await using stage = await openStage({ files: sources(2), model: playedBy({ worker }) });
    await stage.post("/workflow migrate x to y");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain("1 of 2 parts migrated. Not migrated, or not accepted: `src/f01.js`.");
    expect(said).toContain("⚠️ Completed in part");
  });
});

describe("tournament", () => {
  const files = { "src/sum.js": "export const sum = (a, b) => a - b\n" };
  const written =
    (approach: RegExp, text: string): Actor =>
    ({ task, turn }) => {
      if (turn > 0) return { finish: { summary: `Made it ${text}` } };
      const content = approach.test(task) ? `// ${text}\n` : "// another way\n";
      return { tools: [{ name: "write_file", input: { path: "src/sum.js", content } }] };
    };

  it("folds in the attempt that stands best, and keeps the others on their branches", async () => {
    const reviewer: Actor = ({ task }) =>
      task.includes("// robust")
        ? { finish: { verdict: "accept", findings: [] } }
        : { finish: { verdict: "reject", findings: [{ ...blocking, line: 1 }] } };
    const model = playedBy({ worker: written(/most robust/, "robust"), reviewer });
    await using stage = await openStage({ files, model });
    await stage.post("/workflow tournament mend sum");
    await stage.settle();
    const [said = ""] = stage.said();
    expect(said).toContain("Attempt 3 won: Made it robust");
    expect(said).toMatch(/2\. Attempt \d .*: rejected, 0 of 3 for it, 1 finding, 2 lines/);
    const body = finalOf(stage)?.body ?? "";
    expect(body).toContain("| ✅ folded in | attempt 3 |");
    for (const other of [1, 2]) expect(body).toContain(`| ❌ rejected | attempt ${other} |`);
    expect(stage.github.pulls).toHaveLength(4);
  });

  it("revises the winner for as long as its reviewers find something new, four times at most", async () => {
    // Each time another finding, so that only the limit ends it.
    const reviewer: Actor = ({ task }) => {
      const title = /\/\/ try (\d+)/u.exec(task)?.[1] ?? "none";
      return { finish: { verdict: "reject", findings: [{ ...blocking, title }] } };
    };
    let tries = 0;
    const worker: Actor = ({ turn }) => {
      if (turn > 0) return { finish: { summary: "Tried" } };
      const content = `// try ${(tries += 1)}\n`;
      return { tools: [{ name: "write_file", input: { path: "src/sum.js", content } }] };
    };
    await using stage = await openStage({ files, model: playedBy({ worker, reviewer }) });
    await stage.post(`/workflow tournament {"task":"mend sum","attempts":2}`);
    await stage.settle();
    expect(stage.said()[0]).toContain("No attempt stood: the best one is `rejected`");
    expect(tries).toBe(2 + 4);
  });

  it("folds in nothing when no attempt stands, and says where the best one is", async () => {
    const reviewer: Actor = () => ({ finish: { verdict: "reject", findings: [blocking] } });
    const model = playedBy({ worker: written(/smallest/, "small"), reviewer });
    await using stage = await openStage({ files, model });
    await stage.post(`/workflow tournament {"task":"mend sum","attempts":2}`);
    await stage.settle();
    expect(stage.said()[0]).toContain("No attempt stood: the best one is `rejected`");
    expect(finalOf(stage)).toBeUndefined();
  });

  const blocking = {
    path: "src/sum.js",
    line: 1,
    severity: "blocking",
    title: "It subtracts",
    claim: "sum(1, 2) is -1",
    evidence: "a - b",
  };
});

describe("document", () => {
  const files = {
    "src/a/one.js": "export const one = 1\n",
    "src/b/two.js": "export const two = 2\n",
    "test/one.test.js": "x\n",
  };

  it("writes only for the folders that lack something, and tells which it left", async () => {
    const asked: string[] = [];
    const worker: Actor = ({ task, turn }) => {
      if (task.startsWith("Somebody new")) {
        asked.push(task);
        const lacking = [{ path: "src/a/one.js", missing: "what one is for" }];
        return { finish: { conventions: "One line above.", files: lacking } };
      }
      if (turn > 0) return { finish: { summary: "Documented one" } };
      expect(task).toContain('"src/a/one.js: what one is for"');
      const content = `// The number one.\n${files["src/a/one.js"]}`;
      return { tools: [{ name: "write_file", input: { path: "src/a/one.js", content } }] };
    };
    await using stage = await openStage({ files, model: playedBy({ worker }) });
    await stage.post("/workflow document");
    await stage.settle();
    expect(stage.said()[0]).toContain("1 of 1 parts documented; 1 of 2 files lacked nothing.");
    expect(finalOf(stage)).toBeDefined();
    expect(asked[0]).not.toContain("test/one.test.js");
  });

  it("stops revising when two rounds bring nothing new, or nothing that could be answered", async () => {
    let revisions = 0;
    const worker: Actor = ({ task, turn }) => {
      if (task.startsWith("Somebody new")) {
        const lacking = Object.keys(files).map((path) => ({ path, missing: "all" }));
        return { finish: { conventions: "None.", files: lacking } };
      }
      const isRevision = task.includes("rejected it");
      if (turn > 0) return { finish: { summary: "Documented it" } };
      if (isRevision) revisions += 1;
      const path = /src\/[ab]\/\w+\.js/u.exec(task)?.[0] ?? "";
      const content = `// ${isRevision ? revisions : "first"}\n`;
      return { tools: [{ name: "write_file", input: { path, content } }] };
    };
    // Of one folder they say the same again and again, of the other one nothing at all.
    const reviewer: Actor = ({ task }) => {
      const finding = {
        line: 1,
        severity: "blocking",
        title: "False",
        claim: "No.",
        evidence: "1",
      };
      const findings = task.includes("src/a/") ? [{ ...finding, path: "src/a/one.js" }] : [];
      return { finish: { verdict: "reject", findings } };
    };
    await using stage = await openStage({ files, model: playedBy({ worker, reviewer }) });
    await stage.post("/workflow document");
    await stage.settle();
    expect(stage.said()[0]).toContain("0 of 2 parts documented");
    expect(revisions).toBe(2);
  });
});
