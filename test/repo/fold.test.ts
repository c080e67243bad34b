// Folding lines of work into one, by git's own merge.

import { describe, expect, test } from "vitest";

import type { Folded } from "../../src/repo/git-data.ts";
import { AT, AUTHOR, commitOf, openBench, rawGit } from "./kit.ts";

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join("");

async function foldBoth(
  bench: Awaited<ReturnType<typeof openBench>>,
  ours: Record<string, string | null>,
  theirs: Record<string, string | null>,
): Promise<Folded> {
  const { mirror, base } = bench;
  return mirror.fold({
    ours: await commitOf(mirror, base, ours),
    theirs: await commitOf(mirror, base, theirs),
    message: "Fold in a change",
    author: AUTHOR,
    at: AT,
  });
}

describe("folding", () => {
  test("two changes of one file that do not touch gives both, as a commit with two parents", async () => {
    await using bench = await openBench({ "a.txt": LINES });
    const { mirror } = bench;
    const folded = await foldBoth(
      bench,
      { "a.txt": LINES.replace("line 1\n", "ours\n") },
      { "a.txt": LINES.replace("line 18\n", "theirs\n"), "b.txt": "new\n" },
    );
    if (folded.kind !== "folded") throw new Error(folded.kind);
    expect(await (await mirror.snapshot(folded.commit)).read("a.txt")).toEqual({
      kind: "text",
      text: LINES.replace("line 1\n", "ours\n").replace("line 18\n", "theirs\n"),
    });
    expect(await mirror.tree(folded.commit)).toBe(folded.tree);
    const parents = rawGit(mirror.gitDir, ["log", "-1", "--format=%P", folded.commit])
      .trim()
      .split(" ");
    expect(parents).toHaveLength(2);
    expect(rawGit(mirror.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  test("gives the same commit when it is done again", async () => {
    await using bench = await openBench({ "a.txt": LINES });
    const fold = () => foldBoth(bench, { "b.txt": "1\n" }, { "c.txt": "2\n" });
    expect(await fold()).toEqual(await fold());
  });

  test("has nothing to do when the change is in already", async () => {
    await using bench = await openBench({ "a.txt": LINES });
    const { mirror, base } = bench;
    const head = await commitOf(mirror, base, { "a.txt": "x\n" });
    const about = { message: "m", author: AUTHOR, at: AT };
    expect(await mirror.fold({ ours: head, theirs: base, ...about })).toEqual({
      kind: "nothing-to-fold",
    });
    expect(await mirror.fold({ ours: head, theirs: head, ...about })).toEqual({
      kind: "nothing-to-fold",
    });
  });

  test("hands a conflict back as its three sides", async () => {
    await using bench = await openBench({ "a.txt": "base\n", "b.txt": "b\n" });
    const folded = await foldBoth(
      bench,
      { "a.txt": "ours\n", "b.txt": "B\n" },
      { "a.txt": "theirs\n" },
    );
    expect(folded).toEqual({
      kind: "conflicted",
      conflicts: [
        {
          kind: "text",
          path: "a.txt",
          base: "base\n",
          ours: "ours\n",
          theirs: "theirs\n",
          hunks: [{ line: 1, base: "base\n", ours: "ours\n", theirs: "theirs\n" }],
        },
      ],
    });
  });

  test("says which side does not have the file any more", async () => {
    await using bench = await openBench({ "a.txt": "base\n" });
    expect(await foldBoth(bench, { "a.txt": null, x: "x" }, { "a.txt": "theirs\n" })).toEqual({
      kind: "conflicted",
      conflicts: [
        { kind: "text", path: "a.txt", base: "base\n", ours: null, theirs: "theirs\n", hunks: [] },
      ],
    });
  });

  test("shows a file that both made without a base", async () => {
    await using bench = await openBench({ "a.txt": "base\n" });
    expect(await foldBoth(bench, { "n.txt": "1\n" }, { "n.txt": "2\n" })).toEqual({
      kind: "conflicted",
      conflicts: [
        {
          kind: "text",
          path: "n.txt",
          base: null,
          ours: "1\n",
          theirs: "2\n",
          hunks: [{ line: 1, base: "", ours: "1\n", theirs: "2\n" }],
        },
      ],
    });
  });

  test("follows a rename: an edit of the old name lands in the new one", async () => {
    await using bench = await openBench({ "old.txt": LINES });
    const folded = await foldBoth(
      bench,
      { "old.txt": null, "new.txt": LINES },
      { "old.txt": LINES.replace("line 5\n", "edited\n") },
    );
    if (folded.kind !== "folded") throw new Error(folded.kind);
    const snapshot = await bench.mirror.snapshot(folded.commit);
    expect(await snapshot.paths()).toEqual(["new.txt"]);
    expect(await snapshot.read("new.txt")).toMatchObject({
      text: LINES.replace("line 5\n", "edited\n"),
    });
  });

  test("does not pretend that two binary files are text", async () => {
    await using bench = await openBench({ "i.bin": Buffer.from([0, 1]) });
    const { mirror, hub } = bench;
    const side = async (branch: string, byte: number): Promise<string> => {
      hub.git("branch", branch, "main");
      hub.commit(branch, { "i.bin": Buffer.from([0, byte]) });
      return (await mirror.fetch(branch)) ?? "";
    };
    const [ours, theirs] = [await side("one", 2), await side("two", 3)];
    expect(await mirror.fold({ ours, theirs, message: "m", author: AUTHOR, at: AT })).toEqual({
      kind: "conflicted",
      conflicts: [
        { kind: "not-text", path: "i.bin", base: null, ours: null, theirs: null, hunks: [] },
      ],
    });
  });

  test("keeps odd names whole in conflicts", async () => {
    const odd = 'ä "b" c.txt';
    await using bench = await openBench({ [odd]: "base\n" });
    const folded = await foldBoth(bench, { [odd]: "1\n" }, { [odd]: "2\n" });
    expect(folded).toMatchObject({ kind: "conflicted", conflicts: [{ path: odd }] });
  });

  test("of histories that have nothing in common is refused, not invented", async () => {
    await using bench = await openBench({ "a.txt": "x\n" });
    const { mirror, base } = bench;
    const other = await mirror.commitFiles({
      parent: null,
      files: new Map([["z", Buffer.from("z")]]),
      message: "m",
      author: AUTHOR,
      at: AT,
    });
    expect(await mirror.mergeBase(base, other)).toBeNull();
    await expect(
      mirror.fold({ ours: base, theirs: other, message: "m", author: AUTHOR, at: AT }),
    ).rejects.toThrow(/unrelated histories/);
  });

  test("reads no merge driver that the repository brings along", async () => {
    await using bench = await openBench({ ".gitattributes": "* merge=union\n", "a.txt": "base\n" });
    expect(await foldBoth(bench, { "a.txt": "ours\n" }, { "a.txt": "theirs\n" })).toMatchObject({
      kind: "conflicted",
    });
  });
});
