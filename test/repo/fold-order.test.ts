// Which changes meet, the order of folding that leaves out the fewest, and merges whose conflicts somebody resolved.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Edit, Oid } from "../../src/repo/git-data.ts";
import { AT, AUTHOR, openBench, rawGit } from "./kit.ts";

const lines = (name: string): string =>
  Array.from({ length: 9 }, (_, n) => `${name} ${n}\n`).join("");
const BASE = {
  "a.txt": lines("a"),
  "b.txt": lines("b"),
  "c.txt": lines("c"),
  "dir/d.txt": lines("d"),
};

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench(BASE);
});
afterAll(() => bench[Symbol.asyncDispose]());

const commit = (edits: readonly Edit[], parent: Oid = bench.base): Promise<Oid> =>
  bench.mirror.commit({ parent, edits, message: "m", author: AUTHOR, at: AT });
const write = (...paths: string[]) => paths.map((path) => ({ path, content: `${path} new\n` }));
const other = (...paths: string[]) => paths.map((path) => ({ path, content: `${path} else\n` }));

const fold = async (changes: readonly Oid[], order?: "given" | "fewest-collisions") =>
  await bench.mirror.foldAll({
    ours: bench.base,
    changes: changes.map((theirs) => ({ theirs, message: "m" })),
    ...(order === undefined ? {} : { order }),
    author: AUTHOR,
    at: AT,
  });

describe("the order of folding", () => {
  test("leaves out the one that meets everybody, where the order given leaves out all others", async () => {
    const hub = await commit(other("a.txt", "b.txt", "c.txt"));
    const spokes = await Promise.all(
      [write("a.txt"), write("b.txt"), write("c.txt")].map((edits) => commit(edits)),
    );
    const apart = await commit(write("dir/d.txt"));
    const changes = [hub, ...spokes, apart];
    const kinds = async (order?: "given" | "fewest-collisions") =>
      (await fold(changes, order)).results.map(({ kind }) => kind);
    expect(await kinds()).toEqual(["folded", "conflicted", "conflicted", "conflicted", "folded"]);
    expect(await kinds("fewest-collisions")).toEqual([
      "conflicted",
      "folded",
      "folded",
      "folded",
      "folded",
    ]);
    const first = await fold(changes, "fewest-collisions");
    expect(first.order).toEqual([4, 1, 2, 3]);
    expect(await fold(changes, "fewest-collisions")).toEqual(first);
  });

  test("is the one given among equals, and where one change holds another", async () => {
    const [one, two] = [await commit(write("a.txt")), await commit(other("a.txt"))];
    const order = "fewest-collisions";
    expect((await fold([two, one], order)).results.map(({ kind }) => kind)).toEqual([
      "folded",
      "conflicted",
    ]);
    const onOne = await commit(other("b.txt"), one);
    const { results } = await fold([one, two, onOne], order);
    expect(results.map(({ kind }) => kind)).toEqual(["folded", "conflicted", "folded"]);
  });
});

describe("the matrix of changes", () => {
  test("names every pair that meets, with its paths, and nobody else", async () => {
    const { mirror, base } = bench;
    const heads = await Promise.all(
      [
        write("a.txt", "b.txt"),
        other("a.txt", "b.txt"),
        write("c.txt"),
        // A file where another one has a folder.
        [{ path: "n", content: "n\n" }],
        [{ path: "n/n.txt", content: "n\n" }],
        // A folder that moves, and a file that is added to it.
        [
          { path: "dir/d.txt", content: null },
          { path: "moved/d.txt", content: lines("d") },
        ],
        [{ path: "dir/e.txt", content: "e\n" }],
      ].map((edits) => commit(edits)),
    );
    expect(await mirror.collisions(heads.map((head) => ({ base, head })))).toEqual([
      { one: 0, other: 1, paths: ["a.txt", "b.txt"] },
      { one: 3, other: 4, paths: [expect.stringMatching(/^n/)] },
      { one: 5, other: 6, paths: ["dir/e.txt"] },
    ]);
    expect(await mirror.collisions([])).toEqual([]);
  });
});

describe("a merge whose conflicts were resolved", () => {
  const conflicting = async () => {
    const ours = await commit([{ path: "a.txt", content: BASE["a.txt"].replace("a 4", "ours") }]);
    const theirs = await commit([
      { path: "a.txt", content: BASE["a.txt"].replace("a 4", "theirs") },
      { path: "b.txt", content: "b, theirs\n" },
      { path: "c.txt", content: null },
    ]);
    const asked = { ours, theirs, message: "m", author: AUTHOR, at: AT };
    const folded = await bench.mirror.fold(asked);
    if (folded.kind !== "conflicted") throw new Error(folded.kind);
    return { ...asked, conflicts: folded.conflicts };
  };

  test("holds the resolved text, and everything else as git merges it", async () => {
    const { mirror } = bench;
    const asked = await conflicting();
    const made = await mirror.foldResolved({
      ...asked,
      resolved: [{ path: "a.txt", content: "both\n" }],
    });
    const show = (path: string): string =>
      rawGit(mirror.gitDir, ["show", `${made?.commit}:${path}`]);
    expect([show("a.txt"), show("b.txt"), show("dir/d.txt")]).toEqual([
      "both\n",
      "b, theirs\n",
      BASE["dir/d.txt"],
    ]);
    expect(rawGit(mirror.gitDir, ["ls-tree", "-r", "--name-only", made?.tree ?? ""])).not.toContain(
      "c.txt",
    );
    expect(rawGit(mirror.gitDir, ["log", "-1", "--format=%P", made?.commit ?? ""]).trim()).toBe(
      `${asked.ours} ${asked.theirs}`,
    );
  });

  test("is not made of an answer to other conflicts, or for other files", async () => {
    const { mirror, base } = bench;
    const asked = await conflicting();
    const resolved = [{ path: "a.txt", content: "both\n" }];
    expect(await mirror.foldResolved({ ...asked, resolved: [] })).toBeNull();
    expect(
      await mirror.foldResolved({ ...asked, resolved: [...resolved, ...write("b.txt")] }),
    ).toBeNull();
    const [first] = asked.conflicts;
    if (first === undefined) throw new Error("no conflict");
    const conflicts = [{ ...first, ours: "something else\n" }];
    expect(await mirror.foldResolved({ ...asked, conflicts, resolved })).toBeNull();
    expect(await mirror.foldResolved({ ...asked, ours: base, resolved })).toBeNull();
  });
});
