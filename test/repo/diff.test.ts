// The difference of two commits: as data, as text, and where comments may stand.

import { describe, expect, test } from "vitest";

import { commentableLines } from "../../src/repo/diff-lines.ts";
import { renderDiff } from "../../src/repo/diff-text.ts";
import type { FileDiff } from "../../src/repo/git-data.ts";
import { commitOf, openBench, type Content } from "./kit.ts";

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");

async function diffOf(
  before: Record<string, Content>,
  after: Record<string, Content | null>,
): Promise<FileDiff[]> {
  await using bench = await openBench({ "always.txt": "x\n", ...before });
  const head = bench.hub.commit("main", after);
  await bench.mirror.fetch("main");
  return await bench.mirror.diff(bench.base, head);
}

describe("a diff", () => {
  test("numbers the lines of both sides", async () => {
    const [file] = await diffOf(
      { "a.txt": LINES },
      { "a.txt": LINES.replace("line 10\n", "ten\nand more\n") },
    );
    expect(file).toMatchObject({
      path: "a.txt",
      oldPath: null,
      status: "modified",
      binary: false,
      additions: 2,
      deletions: 1,
    });
    expect(file?.hunks).toHaveLength(1);
    expect(file?.hunks[0]?.lines.map((l) => [l.kind, l.oldLine, l.newLine, l.text])).toEqual([
      ["context", 7, 7, "line 7"],
      ["context", 8, 8, "line 8"],
      ["context", 9, 9, "line 9"],
      ["removed", 10, null, "line 10"],
      ["added", null, 10, "ten"],
      ["added", null, 11, "and more"],
      ["context", 11, 12, "line 11"],
      ["context", 12, 13, "line 12"],
      ["context", 13, 14, "line 13"],
    ]);
  });

  test("tells files that came, went, moved, became binary or became a link", async () => {
    const files = await diffOf(
      {
        "old name.txt": LINES,
        "gone.txt": "x\n",
        "pic.bin": Buffer.from([0, 1]),
        "was-file": "text\n",
      },
      {
        "old name.txt": null,
        'new "name".txt': LINES.replace("line 3\n", "three\n"),
        "gone.txt": null,
        "came.txt": "hello",
        "pic.bin": Buffer.from([0, 2]),
        "was-file": { link: "somewhere" },
      },
    );
    const summary = files.map((f) => [
      f.status,
      f.path,
      f.oldPath,
      f.binary,
      f.additions,
      f.deletions,
    ]);
    expect(summary.sort((a, b) => String(a[1]).localeCompare(String(b[1])))).toEqual([
      ["added", "came.txt", null, false, 1, 0],
      ["removed", "gone.txt", null, false, 0, 1],
      ["renamed", 'new "name".txt', "old name.txt", false, 1, 1],
      ["modified", "pic.bin", null, true, 0, 0],
      ["modified", "was-file", null, false, 1, 1],
    ]);
    expect(files.find((f) => f.path === "was-file")?.modes).toEqual({
      old: "100644",
      new: "120000",
    });
  });

  test("shows a change of nothing but the mode", async () => {
    const [file] = await diffOf({ "run.sh": "x\n" }, { "run.sh": { executable: "x\n" } });
    expect(file).toMatchObject({
      path: "run.sh",
      modes: { old: "100644", new: "100755" },
      hunks: [],
    });
  });

  test("is not led astray by lines that look like a diff (protected-015)", async () => {
    const trap =
      "diff --git a/x b/x\n--- a/.github/workflows/ci.yml\n+++ b/evil\n@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n";
    const files = await diffOf(
      { "a.md": `start\n${trap}`, "b.md": "x\n" },
      { "a.md": `start\nmore\n${trap}${trap}`, "b.md": "y\n" },
    );
    expect(files.map((f) => [f.path, f.additions, f.deletions])).toEqual([
      ["a.md", 8, 0],
      ["b.md", 1, 1],
    ]);
    expect(
      files[0]?.hunks
        .flatMap((h) => h.lines)
        .filter((l) => l.kind === "added")
        .map((l) => l.text),
    ).toContain("--- a/.github/workflows/ci.yml");
  });

  test("keeps carriage returns and tells files without a last newline right", async () => {
    const [file] = await diffOf({ "a.txt": "one\r\ntwo" }, { "a.txt": "one\r\nTWO" });
    expect(file?.hunks[0]?.lines.map((l) => [l.kind, l.text])).toEqual([
      ["context", "one\r"],
      ["removed", "two"],
      ["added", "TWO"],
    ]);
    expect([file?.additions, file?.deletions]).toEqual([1, 1]);
  });

  test("keeps names apart that hold a newline, a tab or no ASCII at all", async () => {
    const names = ["a\nb.txt", "tab\there", "日本語", 'quo"te\\'];
    const files = await diffOf({}, Object.fromEntries(names.map((name) => [name, "x\n"])));
    expect(files.map((f) => f.path).sort()).toEqual(names.sort());
    expect(files.every((f) => f.additions === 1)).toBe(true);
  });

  test("is empty between equal commits", async () => {
    await using bench = await openBench({ "a.txt": "x\n" });
    expect(await bench.mirror.diff(bench.base, bench.base)).toEqual([]);
  });

  test("runs no filter or converter that the repository names", async () => {
    const [, file] = await diffOf(
      { ".gitattributes": "a.txt diff=evil\n", "a.txt": "x\n" },
      { ".gitattributes": "a.txt diff=evil2\n", "a.txt": "y\n" },
    );
    expect(file).toMatchObject({ path: "a.txt", additions: 1, deletions: 1 });
  });
});

describe("lines that take comments", () => {
  test("are those of the hunks: three around each change, and nothing else", async () => {
    const [file] = await diffOf(
      { "a.txt": LINES },
      { "a.txt": LINES.replace("line 10\n", "ten\n") },
    );
    const places = commentableLines(file!);
    expect(places.filter((p) => p.side === "RIGHT").map((p) => p.line)).toEqual([
      7, 8, 9, 10, 11, 12, 13,
    ]);
    expect(places.filter((p) => p.side === "LEFT").map((p) => p.line)).toEqual([10]);
  });

  test("are none in a binary file and all in a new one", async () => {
    const files = await diffOf({}, { "a.bin": Buffer.from([0]), "b.txt": "1\n2\n" });
    expect(files.map((file) => commentableLines(file).length)).toEqual([0, 2]);
  });
});

describe("a diff as text", () => {
  test("is unified, with the line number in front of each line", async () => {
    await using bench = await openBench({ "a.txt": "one\ntwo\n" });
    const head = await commitOf(bench.mirror, bench.base, { "a.txt": "one\n2\n" });
    expect(renderDiff(await bench.mirror.diff(bench.base, head), { maxCharacters: 10_000 })).toBe(
      [
        "diff --git a/a.txt b/a.txt",
        "--- a/a.txt",
        "+++ b/a.txt",
        "@@ -1,2 +1,2 @@",
        "    1  one",
        "    2 -two",
        "    2 +2",
        "",
      ].join("\n"),
    );
  });

  test("stays within its length and names what is missing", async () => {
    const big = Array.from({ length: 500 }, (_, i) => `row ${i}\n`).join("");
    const files = await diffOf({}, { "a.txt": big, "b.txt": big, "c.txt": "small\n" });
    const text = renderDiff(files, { maxCharacters: 5_000 });
    expect(text.length).toBeLessThanOrEqual(5_000);
    expect(text).toContain("a.txt (+500 -0, cut)");
    expect(text).toContain("b.txt (+500 -0, not shown)");
    expect(renderDiff(files, { maxCharacters: 100_000 })).not.toContain("cut here");
  });

  test("keeps a hostile file name on its line", async () => {
    const files = await diffOf({}, { "a\n+++ b/evil": "x\n" });
    expect(renderDiff(files, { maxCharacters: 1_000 })).not.toContain("\n+++ b/evil");
  });
});

test("files that have another name are told by both, half of their text the same, and others are not", async () => {
  await using bench = await openBench({ "a b.txt": LINES, "c.txt": "x\n", "d.txt": LINES + LINES });
  const head = bench.hub.commit("main", {
    "a b.txt": null,
    "lib/ä\nb.txt": LINES.replace("line 3\n", "three\n"),
    "c.txt": null,
    "new.txt": "another text\n",
    "d.txt": "y\n",
  });
  await bench.mirror.fetch("main");
  const found = await bench.mirror.renames(bench.base, head);
  expect([...found]).toEqual([["a b.txt", "lib/ä\nb.txt"]]);
});
