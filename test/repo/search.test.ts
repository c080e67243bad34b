// Searching a commit and unsaved edits, with patterns as people and models write them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { SearchRefused } from "../../src/repo/contract.ts";
import { commitOf, mirrorOf, openBench, openHub } from "./kit.ts";

const files = {
  "src/app.ts": "let a1 = 1;\nfoo.bar(a1);\n",
  "src/ünï cödé.ts": "foo.bar(2);\n",
  "test/app.test.ts": "foo.bar(3);\nfoobar\n",
  "pic.bin": Buffer.from("foo.bar\0"),
  "win.txt": "foo.bar\r\n",
  link: { link: "foo.bar" },
};

describe("a search", () => {
  test("finds lines in order of path, and leaves binary files out", async () => {
    await using bench = await openBench(files);
    const snapshot = await bench.mirror.snapshot(bench.base);
    expect(await snapshot.search(String.raw`foo\.bar`)).toEqual({
      hits: [
        { path: "src/app.ts", line: 2, text: "foo.bar(a1);" },
        { path: "src/ünï cödé.ts", line: 1, text: "foo.bar(2);" },
        { path: "test/app.test.ts", line: 1, text: "foo.bar(3);" },
        { path: "win.txt", line: 1, text: "foo.bar" },
      ],
      cut: false,
    });
    expect(await snapshot.search("nothing like it")).toEqual({ hits: [], cut: false });
  });

  test("keeps to a glob and to a limit, and says when there was more", async () => {
    await using bench = await openBench(files);
    const snapshot = await bench.mirror.snapshot(bench.base);
    const paths = async (glob: string): Promise<string[]> =>
      (await snapshot.search("foo", { glob })).hits.map((hit) => hit.path);
    expect(await paths("src/**")).toEqual(["src/app.ts", "src/ünï cödé.ts"]);
    expect(await paths("{src,test}/app*.ts")).toEqual([
      "src/app.ts",
      "test/app.test.ts",
      "test/app.test.ts",
    ]);
    expect(await paths("nowhere/**")).toEqual([]);
    expect(await snapshot.search("foo", { limit: 2 })).toMatchObject({
      hits: { length: 2 },
      cut: true,
    });
    expect(await snapshot.search("foo", { limit: 5 })).toMatchObject({
      hits: { length: 5 },
      cut: false,
    });
  });

  test("says that there was more when all of it is in one file", async () => {
    await using bench = await openBench({ "a.txt": "x\nx\nx\n" });
    expect(await bench.overlay.search("x", { limit: 2 })).toMatchObject({
      hits: { length: 2 },
      cut: true,
    });
    expect(await bench.overlay.search("x", { limit: 3 })).toMatchObject({
      hits: { length: 3 },
      cut: false,
    });
  });

  test("sees unsaved edits and not what they replaced, without a trace in the refs", async () => {
    await using bench = await openBench(files);
    const { overlay } = bench;
    await overlay.edit("src/app.ts", "foo.bar(a1)", "baz(a1)");
    await overlay.write("src/new.ts", "foo.bar(9);\n");
    await overlay.remove("win.txt");
    const found = await overlay.search(String.raw`foo\.bar`);
    expect(found.hits.map((hit) => hit.path)).toEqual([
      "src/new.ts",
      "src/ünï cödé.ts",
      "test/app.test.ts",
    ]);
    expect((await overlay.search("baz")).hits).toEqual([
      { path: "src/app.ts", line: 2, text: "baz(a1);" },
    ]);
  });

  test.each([
    ["(", /no regular expression \(unclosed group\)/],
    ["[abc", /unclosed character class/],
    ["", /1 to 1000/],
    ["a\nb", /one line/],
    ["(?<=a)b", /look-around, which searches do not know/],
    [String.raw`(a)\1`, /backreferences/],
  ])("refuses %j with a sentence", async (pattern, message) => {
    await using bench = await openBench(files);
    const asked = bench.overlay.search(pattern);
    await expect(asked).rejects.toThrow(SearchRefused);
    await expect(asked).rejects.toThrow(message);
  });

  test.each(["-e", "--help", "--open-files-in-pager=touch x"])(
    "takes %s for text, not for an option",
    async (pattern) => {
      await using bench = await openBench({ "a.txt": `x ${pattern} y\n` });
      expect((await bench.overlay.search(pattern)).hits).toHaveLength(1);
    },
  );

  test("cuts very long lines", async () => {
    await using bench = await openBench({ "min.js": `needle${"x".repeat(500_000)}\n` });
    const { hits } = await bench.overlay.search("needle");
    expect(hits[0]?.text).toHaveLength(300);
  });

  test("finds a hit in the file that ends without a newline", async () => {
    await using bench = await openBench({ "a.txt": "one\nneedle" });
    expect((await bench.overlay.search("needle")).hits).toEqual([
      { path: "a.txt", line: 2, text: "needle" },
    ]);
  });
});

describe("the texts that are searched", () => {
  test("are those of the commit asked, though others were searched before", async () => {
    await using bench = await openBench({ "a.txt": "needle\n", "b.txt": "b\n" });
    const { mirror, base } = bench;
    const head = await commitOf(mirror, base, { "a.txt": "hay\n", "c.txt": "needle\n" });
    const found = async (commit: string): Promise<string[]> =>
      (await (await mirror.snapshot(commit)).search("needle")).hits.map(({ path }) => path);
    expect(await found(base)).toEqual(["a.txt"]);
    expect(await found(head)).toEqual(["c.txt"]);
    expect(await found(base)).toEqual(["a.txt"]);
  });

  test("are told for every path that holds them, and for one line once", async () => {
    await using bench = await openBench({ "a.txt": "x\nx x\n", "b/a.txt": "x\nx x\n" });
    const { hits } = await bench.overlay.search("x");
    expect(hits.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "a.txt:1",
      "a.txt:2",
      "b/a.txt:1",
      "b/a.txt:2",
    ]);
  });

  test("keep apart: no match reaches from one into the next, or begins behind the last line", async () => {
    await using bench = await openBench({ "a.txt": "end", "b.txt": "begin", "empty.txt": "" });
    expect((await bench.overlay.search("^$")).hits).toEqual([]);
    expect((await bench.overlay.search("end|begin")).hits).toHaveLength(2);
    await bench.overlay.write("c.txt", "end");
    await bench.overlay.write("d.txt", "");
    expect((await bench.overlay.search("^$")).hits).toEqual([]);
    expect((await bench.overlay.search("end$")).hits.map(({ path }) => path)).toEqual([
      "a.txt",
      "c.txt",
    ]);
  });

  test("are what git finds, line for line, whatever they hold", async () => {
    const line = fc.constantFrom(
      "needle",
      "a needle b",
      "",
      "hay",
      "ü needle",
      "\tneedle\r",
      "ndl",
    );
    const file = fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n"));
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 8 }), async (files) => {
        await using bench = await openBench(
          Object.fromEntries(files.map((text, at) => [`f${at}.txt`, text])),
        );
        const { hits } = await bench.overlay.search("need?le");
        const byGit = spawnSync("git", [
          "-C",
          bench.hub.path,
          "grep",
          "-nE",
          "need?le",
          bench.base,
        ]);
        const expected = byGit.stdout.toString().split("\n").filter(Boolean);
        expect(hits.map(({ path, line, text }) => `${bench.base}:${path}:${line}:${text}`)).toEqual(
          expected.map((one) => one.replace(/\r$/, "")),
        );
      }),
      { numRuns: 8 },
    );
  });

  test("leave the disk with the process that wrote them, and those of a killed one are removed", async () => {
    await using hub = await openHub();
    const base = hub.commit("main", { "a.txt": "needle\n" });
    const folder = join(hub.folder, "mirror.git.text");
    const left = join(folder, `${2 ** 30}-left`);
    mkdirSync(left, { recursive: true });
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      expect((await (await mirror.snapshot(base)).search("needle")).hits).toHaveLength(1);
      expect(readdirSync(folder)).toHaveLength(1);
      expect(existsSync(left)).toBe(false);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a pattern as people and models write it", () => {
  test.each([
    [String.raw`\d{3}`, "abc 123"],
    [String.raw`innerHTML\s*=`, "el.innerHTML = x"],
    [String.raw`[\w$]+\.exec\(`, "re$.exec(x)"],
    [String.raw`\beval\b`, "x = eval (y)"],
    ["TODO|FIXME", "// FIXME"],
    ["^  return", "  return 1"],
    ["(?:re|in)turn +?1$", "  return 1"],
    ["[[:alpha:]]+ = x", "inner = x"],
    ["(?i)FIXME", "// fixme"],
    ["ÜNÏ.cödé", "ünï cödé ÜNÏ cödé"],
  ])("%s finds %j", async (pattern, line) => {
    await using bench = await openBench({ "a.txt": `first\n${line}\n` });
    expect((await bench.overlay.search(pattern)).hits).toEqual([
      { path: "a.txt", line: 2, text: line },
    ]);
  });
});
