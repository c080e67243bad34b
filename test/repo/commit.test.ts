// Commits of many workers at once, held against git's own index.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { openBatches } from "../../src/repo/batches.ts";
import type { TextEdit } from "../../src/repo/git-data.ts";
import { AT, AUTHOR, commitOf, openBench, rawGit } from "./kit.ts";

const BASE = {
  "a.txt": "one\n",
  "run.sh": { executable: "#!/bin/sh\n" },
  "dir/b.txt": "b\r\n",
  "dir/sub/c.txt": "c",
  'q "q" ü.txt': "odd\n",
  link: { link: "a.txt" },
  vendor: { submodule: "1".repeat(40) },
};
const names = ["a.txt", "run.sh", "dir/b.txt", "dir/sub/c.txt", 'q "q" ü.txt', "new/n.txt", "ß"];

const edits: fc.Arbitrary<TextEdit[]> = fc
  .uniqueArray(fc.constantFrom(...names), { minLength: 1 })
  .chain((paths) =>
    fc.tuple(
      ...paths.map((path) =>
        fc.record({
          path: fc.constant(path),
          content: fc.option(fc.string({ unit: "grapheme", maxLength: 20 }), { freq: 3 }),
        }),
      ),
    ),
  )
  .map((made) => made.filter(({ path, content }) => content !== null || path in BASE));

/** The tree that git's index makes of the same edits. */
function treeByIndex(gitDir: string, { base, made }: { base: string; made: readonly TextEdit[] }) {
  const git = (args: string[], input = ""): string =>
    execFileSync("git", ["-C", gitDir, ...args], {
      input,
      env: { PATH: process.env["PATH"] ?? "", GIT_INDEX_FILE: join(gitDir, "oracle-index") },
    }).toString();
  git(["read-tree", base]);
  const lines = made.map(({ path, content }) => {
    if (content === null) return `0 ${"0".repeat(40)}\t${path}\0`;
    const blob = git(["hash-object", "-w", "--stdin"], content).trim();
    return `${path === "run.sh" ? "100755" : "100644"} ${blob}\t${path}\0`;
  });
  git(["update-index", "-z", "--index-info"], lines.join(""));
  return git(["write-tree"]).trim();
}

describe("commits of many workers at once", () => {
  test("are what git's index makes of the same edits, and what each is when made alone", async () => {
    await using bench = await openBench(BASE);
    const { mirror, base } = bench;
    const make = (made: readonly TextEdit[], worker: number): Promise<string> =>
      mirror.commit({ parent: base, edits: made, message: `w${worker}`, author: AUTHOR, at: AT });
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 8 }), async (workers) => {
        const heads = await Promise.all(workers.map(make));
        for (const [worker, made] of workers.entries()) {
          const head = heads[worker] ?? "";
          expect(await mirror.tree(head)).toBe(treeByIndex(mirror.gitDir, { base, made }));
        }
        expect(await make(workers[0] ?? [], 0)).toBe(heads[0]);
      }),
      { numRuns: 12 },
    );
  });

  test("fail alone: who asks for the impossible does not harm the others", async () => {
    await using bench = await openBench(BASE);
    const { mirror, base } = bench;
    const impossible = mirror.commit({
      parent: base,
      alsoParent: "2".repeat(40),
      edits: [{ path: "a.txt", content: "x" }],
      message: "m",
      author: AUTHOR,
      at: AT,
    });
    const refused = commitOf(mirror, base, { link: "x" });
    const possible = Array.from({ length: 20 }, (_, worker) =>
      commitOf(mirror, base, { [`w${worker}.txt`]: "x" }),
    );
    const [failed, linked] = await Promise.allSettled([impossible, refused]);
    expect(failed).toMatchObject({ reason: { message: expect.stringMatching(/fast-import/) } });
    expect(linked).toMatchObject({ reason: { message: expect.stringMatching(/symbolic link/) } });
    const heads = await Promise.all(possible);
    expect(new Set(heads).size).toBe(20);
    expect(await mirror.has(heads[7] ?? "")).toBe(true);
  });

  test("are kept under their names, the last one where two were given the same", async () => {
    await using bench = await openBench(BASE);
    const { mirror, base } = bench;
    const [one, two] = await Promise.all([
      commitOf(mirror, base, { "a.txt": "1" }),
      commitOf(mirror, base, { "a.txt": "2" }),
    ]);
    const missing = mirror.keep("r/missing", "3".repeat(40));
    const kept = [mirror.keep("r/w1", one), mirror.keep("r/w2", one), mirror.keep("r/w1", two)];
    await expect(missing).rejects.toThrow(/update-ref/);
    await Promise.all(kept);
    expect(rawGit(mirror.gitDir, ["rev-parse", "refs/kept/r/w1", "refs/kept/r/w2"])).toBe(
      `${two}\n${one}\n`,
    );
  });
});

describe("what is asked at the same time", () => {
  const limits = { itemsMax: 10, weightMax: 100, weigh: (item: number) => item };

  test("is done together, in order, and what comes meanwhile together after it", async () => {
    const batches: number[][] = [];
    let ask: (item: number) => Promise<number> = () => Promise.reject(new Error("too early"));
    const later: Promise<number>[] = [];
    ask = openBatches(async (items) => {
      batches.push([...items]);
      if (batches.length === 1) later.push(ask(4), ask(5));
      return items.map((item) => item * 2);
    }, limits);
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([2, 4, 6]);
    expect(await Promise.all(later)).toEqual([8, 10]);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  test("is cut by number and by weight; what is too heavy goes alone", async () => {
    const batches: number[][] = [];
    const ask = openBatches(async (items: readonly number[]) => {
      batches.push([...items]);
      return items;
    }, limits);
    await Promise.all([60, 30, 20, 500, 1].map(ask));
    expect(batches).toEqual([[60, 30], [20], [500], [1]]);
    await Promise.all(Array.from({ length: 12 }, () => ask(0)));
    expect(batches.slice(4).map((batch) => batch.length)).toEqual([10, 2]);
  });

  test("is tried one by one when it fails together", async () => {
    const ask = openBatches(async (items: readonly number[]) => {
      if (items.includes(13)) throw new Error("13 is impossible");
      return items;
    }, limits);
    const [one, thirteen, two] = await Promise.allSettled([ask(1), ask(13), ask(2)]);
    expect([one, two].map((settled) => settled.status)).toEqual(["fulfilled", "fulfilled"]);
    expect(thirteen).toMatchObject({ status: "rejected", reason: new Error("13 is impossible") });
    expect(await ask(3)).toBe(3);
  });

  test("is not answered when the work lost an answer", async () => {
    const ask = openBatches(async () => [], limits);
    await expect(ask(1)).rejects.toThrow(/1 were asked together, and 0 were answered/);
  });
});
