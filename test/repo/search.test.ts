// Searching a commit and unsaved edits, with patterns as people and models write them.

import { describe, expect, test } from "vitest";

import { SearchRefused } from "../../src/repo/contract.ts";
import { toExtended } from "../../src/repo/pattern.ts";
import { openBench } from "./kit.ts";

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
    ["(", /no extended regular expression/],
    ["[abc", /without its \]/],
    ["", /1 to 1000/],
    ["a\nb", /one line/],
    ["(?<=a)b", /do not know/],
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

describe("a pattern in git's words", () => {
  test.each([
    [String.raw`\d+\s*=\s*\w+`, String.raw`[0-9]+\s*=\s*\w+`],
    ["(?:a|b)+?", "(a|b)+"],
    [String.raw`[\w.-]+@[^\s]`, "[[:alnum:]_.-]+@[^[:space:]]"],
    [String.raw`[\]\-a]`, "[]a-]"],
    [String.raw`a\?b`, String.raw`a\?b`],
    [String.raw`\[x\]`, String.raw`\[x\]`],
    ["x{2,3}?", "x{2,3}"],
  ])("%s becomes %s", (pattern, expected) => expect(toExtended(pattern)).toBe(expected));

  test.each([
    [String.raw`\d{3}`, "abc 123"],
    [String.raw`innerHTML\s*=`, "el.innerHTML = x"],
    [String.raw`[\w$]+\.exec\(`, "re$.exec(x)"],
    [String.raw`\beval\b`, "x = eval (y)"],
    ["TODO|FIXME", "// FIXME"],
    ["^  return", "  return 1"],
  ])("%s finds %j", async (pattern, line) => {
    await using bench = await openBench({ "a.txt": `first\n${line}\n` });
    expect((await bench.overlay.search(pattern)).hits).toEqual([
      { path: "a.txt", line: 2, text: line },
    ]);
  });
});
