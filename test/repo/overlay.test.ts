// What agents read and change: snapshot, overlay, and the commit that comes of it.

import { describe, expect, test } from "vitest";

import { EditRefused, PathRefused } from "../../src/repo/contract.ts";
import type { TreeEntry } from "../../src/repo/git-data.ts";
import { sortPaths } from "../../src/repo/paths.ts";
import { AT, AUTHOR, commitOf, openBench, rawGit } from "./kit.ts";

const BIG = 5 * 1024 * 1024;
const ODD = 'src/a "quoted" näme.ts';

const texts = {
  "src/app.ts": "const a = 1;\nconst b = 2;\n",
  "win.txt": "one\r\ntwo\r\nthree\r\n",
  "no-newline.txt": "last line",
  "bom.txt": "\ufeffhello\n",
  "empty.txt": "",
};

const files = {
  ...texts,
  [ODD]: "odd\n",
  "bin/run.sh": { executable: "#!/bin/sh\n" },
  "latin1.txt": Buffer.from([0x63, 0x61, 0x66, 0xe9, 10]),
  "image.png": Buffer.from([0x89, 0x50, 0, 1, 2]),
  "big.txt": "x".repeat(BIG),
  link: { link: "../../etc/passwd" },
  "vendor/lib": { submodule: "a".repeat(40) },
};

describe("a snapshot", () => {
  test("lists files but no links or submodules, and reads each for what it is", async () => {
    await using bench = await openBench(files);
    const snapshot = await bench.mirror.snapshot(bench.base);
    const paths = await snapshot.paths();
    expect(paths).toContain(ODD);
    expect(paths).not.toContain("link");
    expect(paths).not.toContain("vendor/lib");
    expect(await snapshot.read("src/app.ts")).toEqual({ kind: "text", text: files["src/app.ts"] });
    expect(await snapshot.read("./src//app.ts")).toMatchObject({ kind: "text" });
    expect(await snapshot.read("bom.txt")).toEqual({ kind: "text", text: "\ufeffhello\n" });
    expect(await snapshot.read("empty.txt")).toEqual({ kind: "text", text: "" });
    expect(await snapshot.read("latin1.txt")).toEqual({ kind: "binary", size: 5 });
    expect(await snapshot.read("image.png")).toEqual({ kind: "binary", size: 5 });
    expect(await snapshot.read("big.txt")).toEqual({ kind: "too-large", size: BIG });
    expect(await snapshot.read("link")).toEqual({ kind: "link", target: "../../etc/passwd" });
    expect(await snapshot.read("vendor/lib")).toEqual({
      kind: "submodule",
      commit: "a".repeat(40),
    });
    expect(await snapshot.read("src")).toBeNull();
    expect(await snapshot.read("nowhere")).toBeNull();
  });

  test("chooses paths by globs, names with a dot included", async () => {
    await using bench = await openBench({
      "a.ts": "",
      "src/b.ts": "",
      "src/x/c.tsx": "",
      ".d/e.ts": "",
    });
    const snapshot = await bench.mirror.snapshot(bench.base);
    expect(await snapshot.paths("**/*.ts")).toEqual([".d/e.ts", "a.ts", "src/b.ts"]);
    expect(await snapshot.paths("src/**/*.{ts,tsx}")).toEqual(["src/b.ts", "src/x/c.tsx"]);
    expect(await snapshot.paths("*.ts")).toEqual(["a.ts"]);
    await expect(snapshot.paths("*".repeat(100))).rejects.toThrow(/simpler/);
  });
});

function pathsAfterMoves(before: readonly TreeEntry[] | undefined): string[] {
  const moved = new Map([
    ["image.png", "img/image.png"],
    ["big.txt", "big/big.txt"],
    ["bin/run.sh", "scripts/start.sh"],
    ["src/Old.ts", "src/old.ts"],
  ]);
  return sortPaths((before ?? []).map(({ path }) => moved.get(path) ?? path));
}

describe("an overlay", () => {
  test("shows its edits on top of the snapshot, and only what differs in the end", async () => {
    await using bench = await openBench(files);
    const { overlay, base, mirror } = bench;
    await overlay.write("src/new.ts", "new\n");
    await overlay.edit("src/app.ts", "a = 1", "a = 10");
    await overlay.remove("empty.txt");
    expect(await overlay.read("src/app.ts")).toEqual({
      kind: "text",
      text: "const a = 10;\nconst b = 2;\n",
    });
    expect(await overlay.read("./src//app.ts")).toEqual(await overlay.read("src/app.ts"));
    expect(await overlay.read("empty.txt")).toBeNull();
    expect(await overlay.paths("{src/**,empty.txt}")).toEqual([ODD, "src/app.ts", "src/new.ts"]);
    expect((await overlay.edits()).map((edit) => edit.path)).toEqual([
      "empty.txt",
      "src/app.ts",
      "src/new.ts",
    ]);
    expect(await (await mirror.snapshot(base)).read("empty.txt")).not.toBeNull();
    await overlay.edit("src/app.ts", "a = 10", "a = 1");
    await overlay.write("empty.txt", "");
    await overlay.remove("src/new.ts");
    expect(await overlay.edits()).toEqual([]);
  });

  test("moves files as they are, with their mode, and what is written to them later", async () => {
    await using bench = await openBench({ ...files, "src/Old.ts": "x\n" });
    const { overlay, base, mirror } = bench;
    await overlay.move("image.png", "img/image.png");
    await overlay.move("big.txt", "big/big.txt");
    await overlay.move("bin/run.sh", "scripts/start.sh");
    await overlay.edit("scripts/start.sh", "#!/bin/sh\n", "#!/bin/sh\necho\n");
    await overlay.move("src/Old.ts", "src/old.ts");
    expect(await overlay.read("image.png")).toBeNull();
    expect(await overlay.read("img/image.png")).toEqual({ kind: "binary", size: 5 });
    expect((await overlay.search("x", { glob: "src/old.ts" })).hits).toHaveLength(1);
    const commit = { parent: base, message: "m", author: AUTHOR, at: AT };
    const head = await mirror.commit({ ...commit, edits: await overlay.edits() });
    const [before, after] = await Promise.all(
      [base, head].map(async (oid) => (await mirror.snapshot(oid)).entries()),
    );
    const at = (entries: typeof after, path: string) => entries?.find((one) => one.path === path);
    expect(at(after, "img/image.png")?.oid).toBe(at(before, "image.png")?.oid);
    expect(at(after, "big/big.txt")?.oid).toBe(at(before, "big.txt")?.oid);
    expect(at(after, "scripts/start.sh")?.mode).toBe("100755");
    expect(after?.map(({ path }) => path)).toEqual(pathsAfterMoves(before));
  });

  test("forgets a move that was taken back, and refuses what cannot be moved", async () => {
    await using bench = await openBench(files);
    const { overlay } = bench;
    await overlay.move("bin/run.sh", "run.sh");
    await overlay.move("run.sh", "bin/run.sh");
    await overlay.edit("src/app.ts", "a = 1", "a = 10");
    await overlay.move("src/app.ts", "app.ts");
    await overlay.edit("app.ts", "a = 10", "a = 1");
    await overlay.move("app.ts", "src/app.ts");
    expect(await overlay.edits()).toEqual([]);
    for (const [from, to, why] of [
      ["nowhere", "a.txt", /no file/],
      ["link", "a.txt", /symbolic link/],
      ["vendor/lib", "a.txt", /submodule/],
      ["empty.txt", "bom.txt", /already/],
      ["empty.txt", "empty.txt", /same/],
      ["empty.txt", "link/x", /nothing can be below/],
      ["empty.txt", "BOM.txt", /upper and lower case/],
      ["empty.txt", ".git/config", /git's own folder/],
    ] as const) {
      await expect(overlay.move(from, to)).rejects.toThrow(why);
    }
    expect(await overlay.edits()).toEqual([]);
  });

  test("keeps every one of many edits made at once", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line <${index}>\n`);
    await using bench = await openBench({ "a.txt": lines.join("") });
    await Promise.all(lines.map((_, i) => bench.overlay.edit("a.txt", `<${i}>`, `(${i})`)));
    const expected = lines.join("").replaceAll("<", "(").replaceAll(">", ")");
    expect(await bench.overlay.read("a.txt")).toEqual({ kind: "text", text: expected });
  });

  test("keeps a file's line endings, and the lack of a last one", async () => {
    await using bench = await openBench(texts);
    const { overlay } = bench;
    await overlay.edit("win.txt", "one\ntwo", "1\n2");
    expect(await overlay.read("win.txt")).toEqual({ kind: "text", text: "1\r\n2\r\nthree\r\n" });
    await overlay.write("win.txt", "all\nnew\n");
    expect(await overlay.read("win.txt")).toEqual({ kind: "text", text: "all\r\nnew\r\n" });
    await overlay.edit("no-newline.txt", "last", "final");
    expect(await overlay.read("no-newline.txt")).toEqual({ kind: "text", text: "final line" });
    await overlay.edit("bom.txt", "hello", "bye");
    expect(await overlay.read("bom.txt")).toEqual({ kind: "text", text: "\ufeffbye\n" });
  });

  test.each([
    ["b = 1", /does not stand in "src\/app.ts"/],
    ["  const b = 2;", /resembles line 2/],
    ["const", /stands 2 times .*\(lines 1, 2\)/],
    ["", /empty/],
  ])("refuses to replace %j with a sentence that helps", async (from, message) => {
    await using bench = await openBench(texts);
    const asked = bench.overlay.edit("src/app.ts", from, "x");
    await expect(asked).rejects.toThrow(EditRefused);
    await expect(asked).rejects.toThrow(message);
    expect(await bench.overlay.edits()).toEqual([]);
  });

  test("takes replacement text as it stands, dollar signs included", async () => {
    await using bench = await openBench(texts);
    await bench.overlay.edit("src/app.ts", "1", "$& $1 $$");
    expect(await bench.overlay.read("src/app.ts")).toMatchObject({
      text: "const a = $& $1 $$;\nconst b = 2;\n",
    });
  });

  test("leaves what is no text, too large, a link or a submodule as it is, and says which", async () => {
    await using bench = await openBench(files);
    for (const [path, message] of [
      ["latin1.txt", /no UTF-8 text/],
      ["image.png", /no UTF-8 text/],
      ["big.txt", /over 1048576 bytes are not edited/],
      ["link", /symbolic link to "\.\.\/\.\.\/etc\/passwd"/],
      ["vendor/lib", /submodule/],
    ] as const) {
      await expect(bench.overlay.write(path, "x")).rejects.toThrow(message);
      await expect(bench.overlay.edit(path, "x", "y")).rejects.toThrow(message);
    }
    expect(await bench.overlay.edits()).toEqual([]);
  });

  test("removes files of any kind, but no link and no submodule", async () => {
    await using bench = await openBench(files);
    await bench.overlay.remove("big.txt");
    await bench.overlay.remove("image.png");
    await expect(bench.overlay.remove("link")).rejects.toThrow(PathRefused);
    await expect(bench.overlay.remove("vendor/lib")).rejects.toThrow(PathRefused);
    await expect(bench.overlay.remove("nowhere")).rejects.toThrow(EditRefused);
  });

  test("refuses text that is none, and more than it can hold", async () => {
    await using bench = await openBench({});
    await expect(bench.overlay.write("a", "a\0b")).rejects.toThrow(/NUL/);
    await expect(bench.overlay.write("a", "\ud800")).rejects.toThrow(/half a character/);
    await expect(bench.overlay.write("a", "x".repeat(1024 * 1024 + 1))).rejects.toThrow(
      /smaller files/,
    );
  });

  test("path-012: writes nothing through a link and changes none, in a commit of any origin", async () => {
    await using bench = await openBench({ "src/link": { link: "../../outside" } });
    const { overlay, mirror, base } = bench;
    await expect(overlay.write("src/link/x", "x")).rejects.toThrow(PathRefused);
    for (const path of ["src/link/x", "src/link"]) {
      await expect(commitOf(mirror, base, { [path]: "x" })).rejects.toThrow(PathRefused);
    }
  });

  test("path-015: shows a link's target as text and does not follow it", async () => {
    await using bench = await openBench({ link: { link: "/proc/self/environ" } });
    const shown = { kind: "link", target: "/proc/self/environ" };
    expect(await bench.overlay.read("link")).toEqual(shown);
  });

  test("path-017: refuses names that differ only in case, of files and of folders", async () => {
    await using bench = await openBench({ "README.md": "x", "Src/a.ts": "x" });
    const { overlay } = bench;
    await expect(overlay.write("readme.md", "y")).rejects.toThrow(
      /only in upper and lower case.*README|README.*only/,
    );
    await expect(overlay.write("src/b.ts", "y")).rejects.toThrow(PathRefused);
    await overlay.write("Src/b.ts", "y");
    await expect(overlay.write("Src/B.ts", "y")).rejects.toThrow(PathRefused);
    await overlay.remove("README.md");
    await overlay.write("readme.md", "y");
    expect((await overlay.edits()).map((edit) => edit.path)).toEqual([
      "README.md",
      "Src/b.ts",
      "readme.md",
    ]);
  });

  test("keeps two names that differ only in case apart where the repository has both", async () => {
    await using bench = await openBench({ "a.txt": "lower\n", "A.txt": "upper\n" });
    await bench.overlay.edit("A.txt", "upper", "UPPER");
    expect(await bench.overlay.read("a.txt")).toMatchObject({ text: "lower\n" });
    expect(await bench.overlay.read("A.txt")).toMatchObject({ text: "UPPER\n" });
  });

  test("lets a folder take a file's place only when the file is gone, and the other way round", async () => {
    await using bench = await openBench({ a: "file\n", "b/c": "x\n" });
    const { overlay, mirror, base } = bench;
    await expect(overlay.write("a/x", "y")).rejects.toThrow(PathRefused);
    await expect(overlay.write("b", "y")).rejects.toThrow(PathRefused);
    await overlay.remove("a");
    await overlay.write("a/x", "y");
    await overlay.remove("b/c");
    await overlay.write("b", "y");
    const head = await mirror.commit({
      parent: base,
      edits: await overlay.edits(),
      message: "m",
      author: AUTHOR,
      at: AT,
    });
    expect(await (await mirror.snapshot(head)).paths()).toEqual(["a/x", "b"]);
    await expect(commitOf(mirror, base, { b: "x" })).rejects.toThrow(/folder/);
  });
});

describe("a commit", () => {
  test("keeps the executable bit, odd names and everything that was not edited", async () => {
    await using bench = await openBench(files);
    const { mirror, base } = bench;
    const head = await commitOf(mirror, base, {
      "bin/run.sh": "#!/bin/sh\necho\n",
      [ODD]: "changed\n",
      "empty.txt": null,
    });
    const [before, after] = await Promise.all(
      [base, head].map(async (c) => (await mirror.snapshot(c)).entries()),
    );
    expect(after?.find((entry) => entry.path === "bin/run.sh")?.mode).toBe("100755");
    expect(await (await mirror.snapshot(head)).read(ODD)).toEqual({
      kind: "text",
      text: "changed\n",
    });
    const edited = new Set(["bin/run.sh", ODD, "empty.txt"]);
    expect(after?.filter((e) => !edited.has(e.path))).toEqual(
      before?.filter((e) => !edited.has(e.path)),
    );
    expect(rawGit(mirror.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  test("has the same id for the same input, and carries who and when", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const one = await commitOf(bench.mirror, bench.base, { "a.txt": "two\n" });
    expect(await commitOf(bench.mirror, bench.base, { "a.txt": "two\n" })).toBe(one);
    const shown = rawGit(bench.mirror.gitDir, [
      "log",
      "-1",
      "--format=%an|%ae|%at|%cn|%s|%P",
      one,
    ]).trim();
    expect(shown).toBe(
      `Ada Lovelace|ada@example.test|1700000000|Ada Lovelace|Change some files|${bench.base}`,
    );
  });

  test("lets no name or message reach into git's stream", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const head = await bench.mirror.commit({
      parent: bench.base,
      edits: [{ path: "b.txt", content: "data 3\nM 100644 inline evil\n" }],
      message: "title\n\ndata 5\nreset refs/heads/main\n\0",
      author: { name: "Eve <x>\nreset refs/heads/main", email: "e>\n@x" },
      at: AT,
    });
    expect(await (await bench.mirror.snapshot(head)).paths()).toEqual(["a.txt", "b.txt"]);
    expect(rawGit(bench.mirror.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
    expect(rawGit(bench.mirror.gitDir, ["for-each-ref", "refs/heads"])).toBe("");
  });

  test("counts a second parent as folded in", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const { mirror, base } = bench;
    const ours = await commitOf(mirror, base, { "a.txt": "ours\n" });
    const theirs = await commitOf(mirror, base, { "a.txt": "theirs\n" });
    const solved = await mirror.commit({
      parent: ours,
      alsoParent: theirs,
      edits: [{ path: "a.txt", content: "both\n" }],
      message: "m",
      author: AUTHOR,
      at: AT,
    });
    expect(await mirror.isAncestor(theirs, solved)).toBe(true);
  });

  test.each(["../x", ".git/config", "/x", "a\\b"])(
    "refuses %s even when it comes from no overlay",
    async (path) => {
      await using bench = await openBench({ "a.txt": "one\n" });
      await expect(commitOf(bench.mirror, bench.base, { [path]: "x" })).rejects.toThrow(
        PathRefused,
      );
    },
  );
});
