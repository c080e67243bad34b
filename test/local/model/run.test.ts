import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import { DEMO_LABEL } from "../../../src/local/model/label.ts";
import { parseSource } from "../../../src/local/model/source.ts";
import { createSampleRepository } from "../../../src/local/sample-repository.ts";
import type { Files } from "./play-agent.ts";
import { playRun, type Run } from "./play-run.ts";

const TASK = "audit and fix unsafe string handling in src";
const git = async (dir: string, ...args: string[]) =>
  (await promisify(execFile)("git", ["-C", dir, ...args])).stdout.trim();

async function sampleFiles(dir: string): Promise<Files> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).includes("/.git/"))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(dir, path), "utf8")] as const),
    ),
  );
}

describe("the sample", () => {
  let dir: string;
  let files: Files;
  let run: Run;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "fanfold-"));
    await createSampleRepository(dir);
    files = await sampleFiles(dir);
    run = await playRun(TASK, files);
    return () => rm(dir, { recursive: true });
  });

  test("is the same repository every time: branch main, three commits, nothing left over", async () => {
    const again = await mkdtemp(join(tmpdir(), "fanfold-"));
    try {
      await createSampleRepository(again);
      expect(await git(again, "rev-parse", "main")).toBe(await git(dir, "rev-parse", "main"));
    } finally {
      await rm(again, { recursive: true });
    }
    expect(await git(dir, "rev-list", "--count", "main")).toBe("3");
    expect(await git(dir, "status", "--porcelain")).toBe("");
  });

  test("gets as many parts as its findings need, the path with spaces and umlauts among them", () => {
    expect(run.changes.length).toBeGreaterThanOrEqual(4);
    expect(run.changes.map(({ prompt }) => prompt).join("\n")).toContain(
      "- src/Größen und Maße.js:17 (parse-int-radix)",
    );
    for (const [index, { prompt }] of run.changes.entries())
      expect(prompt).toContain(`Part ${index + 1} of ${run.changes.length}`);
  });

  test("has exactly one change that is rejected once, and then accepted", () => {
    const rejected = run.reviews.filter(({ verdict }) => verdict === "rejected");
    expect(rejected).toHaveLength(1);
    const ofThat = run.reviews.filter(({ change }) => change === rejected[0]?.change);
    expect(ofThat.map(({ verdict }) => verdict)).toEqual(["rejected", "accepted"]);
    expect(run.combined).toHaveLength(run.changes.length);
  });

  test("gets at least three review comments, each on a line that the change touched", () => {
    const comments = run.reviews.flatMap(({ findings }) => findings);
    expect(comments.length).toBeGreaterThanOrEqual(3);
    for (const { path, line } of comments)
      expect(files.get(path)?.split("\n").length).toBeGreaterThanOrEqual(line);
  });

  test("still parses after all of it, with nothing left behind and its other files untouched", () => {
    for (const change of run.combined) {
      const touched = [...change.files].filter(([path, text]) => files.get(path) !== text);
      expect(new Set(touched.map(([path]) => dirname(path)))).toEqual(new Set(["src"]));
      for (const [path, text] of touched) {
        expect(parseSource(path, text).ok).toBe(true);
        expect(text).not.toContain("// was:");
      }
    }
  });

  test("ends with what was covered, what is left for a person, and the label", () => {
    expect(run.result).toMatch(
      /^24 places changed in 4 reviewed parts: 8 files in scope, 8 read, \d+ findings\./,
    );
    expect(run.result).toContain("- src/url.js:35 (legacy-escape)");
    expect(run.result).toContain(DEMO_LABEL);
  });

  test("a question gets a report with checked findings and no change", async () => {
    const asked = await playRun("which files handle strings unsafely in src?", files);
    expect(asked.changes).toEqual([]);
    expect(asked.reports).toMatchObject([
      {
        coverage: { inScope: 8, read: 8, notRead: [] },
        findings: expect.arrayContaining([expect.objectContaining({ verdict: "confirmed" })]),
      },
    ]);
  });

  test("a task about one file stays in that file", async () => {
    const one = await playRun("fix string handling in src/words.js", files);
    const touched = one.combined.flatMap(({ files: own }) =>
      [...own].filter(([path, text]) => files.get(path) !== text).map(([path]) => path),
    );
    expect(new Set(touched)).toEqual(new Set(["src/words.js"]));
  });

  test("a directory that is not there widens the scope, and the run says so", async () => {
    const wide = await playRun("fix unsafe string handling in lib", files);
    expect(wide.logs[0]).toBe(
      "There is no source file in lib: looking at every source file instead",
    );
    expect(wide.changes.length).toBeGreaterThanOrEqual(3);
  });

  test("quotes, backslashes and line breaks in a task cannot leave their string in the script", async () => {
    const task = "fix strings \\ \"'`${process.exit()}\n*/ return 1 //  @LABEL@";
    const odd = await playRun(task, files);
    expect(odd.changes.length).toBeGreaterThanOrEqual(3);
  });
});

const ONE_FILE = [
  "var cache = ['', ' ']",
  "module.exports = function (num) {",
  "  if (typeof num === 'number') {",
  "    return num - num === 0;",
  "  }",
  "  if (typeof num === 'string' && num.trim() !== '') {",
  "    return Number.isFinite ? Number.isFinite(+num) : isFinite(+num);",
  "  }",
  "  return '' + num;",
  "};",
  "",
].join("\n");

test("a package of one small file still gets three parts, which touch no neighbouring lines", async () => {
  const files: Files = new Map([
    ["index.js", ONE_FILE],
    ["package.json", "{}"],
    ["README.md", "# One"],
  ]);
  const run = await playRun(TASK, files);
  expect(run.combined.length).toBeGreaterThanOrEqual(3);
  const lines = run.changes.map(({ prompt }) =>
    Array.from(prompt.matchAll(/index\.js:(\d+)/g), ([, line]) => Number(line)),
  );
  for (const [index, own] of lines.entries())
    for (const other of lines.slice(index + 1).flat())
      for (const line of own) expect(Math.abs(line - other)).toBeGreaterThanOrEqual(2);
});

test("a repository with nothing to find ends with what was looked at, and no change", async () => {
  const run = await playRun(TASK, new Map([["src/a.js", "export {}\n"]]));
  expect(run.changes).toEqual([]);
  expect(run.result).toBe("Nothing to change: 1 files in scope, 1 read, 0 findings.");
});

test("a file that does not parse is read, said, and left alone", async () => {
  const files: Files = new Map([
    ["src/a.js", ONE_FILE],
    ["src/broken.js", "const = '' + 1"],
    ["src/b.ts", "enum A { B }"],
  ]);
  const run = await playRun(TASK, files);
  expect(run.combined.length).toBeGreaterThanOrEqual(3);
  for (const { files: own } of run.combined)
    expect(own.get("src/broken.js")).toBe("const = '' + 1");
});

test("a large repository gets a bounded number of finders, and the run says what nobody read", async () => {
  const many = Array.from({ length: 900 }, (_, index) => [`src/f${index}.js`, ONE_FILE] as const);
  const run = await playRun(TASK, new Map(many));
  expect(run.finders).toBe(40);
  expect(run.changes).toHaveLength(12);
  expect(run.result).toContain("900 files in scope, 800 read");
  expect(run.result).toContain("100 files not read, among them:\n- src/f");
});

test.each([3, 4, 5, 7, 13])(
  "%i flawed files make at least three parts and lose no place",
  async (count) => {
    const flawed = Array.from(
      { length: count },
      (_, index) => [`src/f${index}.js`, "f = (a) => '' + a\n"] as const,
    );
    const run = await playRun(TASK, new Map(flawed));
    expect(run.changes.length).toBeGreaterThanOrEqual(3);
    expect(run.result).toMatch(
      new RegExp(`^${count} places changed in ${run.changes.length} reviewed parts`),
    );
  },
);
