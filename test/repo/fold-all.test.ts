// Folding many changes at once gives what git's merge of one after the other gives, whatever they did.

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Edit, Folded, FoldedAll, Oid } from "../../src/repo/git-data.ts";
import { foldByGit, outcomeOf, shortly } from "./fold-by-git.ts";
import { AT, AUTHOR, commitOf, openBench, rawGit } from "./kit.ts";

const linesOf = (name: string): string =>
  Array.from({ length: 12 }, (_, line) => `${name} says ${line}\n`).join("");

const BASE = Object.fromEntries(
  ["a.txt", "b.txt", "old/1.txt", "old/2.txt", "old/in/3.txt", "lib/4.txt", "lib/5.txt"].map(
    (path) => [path, linesOf(path)],
  ),
);

type Action =
  | { kind: "edit"; path: string; line: number; text: string }
  | { kind: "remove"; path: string }
  | { kind: "add"; path: string; like: string }
  | { kind: "move"; path: string; to: string }
  | { kind: "move-folder"; from: string; to: string };

const basePath = fc.constantFrom(...Object.keys(BASE));
const newPath = fc.constantFrom(
  "n.txt",
  "old/n.txt",
  "old/in/n.txt",
  "new/n.txt",
  "lib/n.txt",
  "x",
);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("edit" as const),
      path: basePath,
      line: fc.nat(11),
      text: fc.constantFrom("one\n", "two\n", ""),
    }),
  },
  fc.record({ kind: fc.constant("remove" as const), path: basePath }),
  fc.record({ kind: fc.constant("add" as const), path: newPath, like: basePath }),
  fc.record({ kind: fc.constant("move" as const), path: basePath, to: newPath }),
  fc.record({
    kind: fc.constant("move-folder" as const),
    from: fc.constantFrom("old/", "lib/", "old/in/"),
    to: fc.constantFrom("new/", "moved/deep/", "x/"),
  }),
);

/** The text with one line replaced, if no earlier edit has taken that line away. */
function withLine(text: string, { line, text: replacement }: { line: number; text: string }) {
  const lines = text.split(/(?<=\n)/);
  return line < lines.length ? lines.with(line, replacement).join("") : text;
}

/** What a worker that does these things leaves: edits on the base. */
function editsOf(actions: readonly Action[]): Edit[] {
  const files = new Map(Object.entries(BASE));
  const move = (from: string, to: string): void => {
    const text = files.get(from);
    if (text === undefined) return;
    files.delete(from);
    files.set(to, text);
  };
  for (const one of actions) {
    const text = "path" in one ? files.get(one.path) : undefined;
    if (one.kind === "remove") files.delete(one.path);
    if (one.kind === "add") files.set(one.path, `${linesOf(one.like)}and more\n`);
    if (one.kind === "move") move(one.path, one.to);
    if (one.kind === "edit" && text !== undefined) files.set(one.path, withLine(text, one));
    if (one.kind !== "move-folder") continue;
    for (const path of files.keys()) {
      if (path.startsWith(one.from)) move(path, one.to + path.slice(one.from.length));
    }
  }
  // A file cannot stand where a folder is.
  if ([...files.keys()].some((path) => path.startsWith("x/"))) files.delete("x");
  const paths = new Set([...Object.keys(BASE), ...files.keys()]);
  return [...paths]
    .filter((path) => files.get(path) !== BASE[path])
    .map((path) => ({ path, content: files.get(path) ?? null }));
}

const outcome = ({ kind }: Folded): string => kind;

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench(BASE);
});
afterAll(() => bench[Symbol.asyncDispose]());

const commitAll = (workers: readonly (readonly Edit[])[]): Promise<Oid[]> =>
  Promise.all(
    workers.map((edits, worker) =>
      bench.mirror.commit({
        parent: bench.base,
        edits,
        message: `worker ${worker}`,
        author: AUTHOR,
        at: AT,
      }),
    ),
  );

const foldAll = (ours: Oid, changes: readonly Oid[]): Promise<FoldedAll> =>
  bench.mirror.foldAll({
    ours,
    changes: changes.map((theirs) => ({ theirs, message: "Fold in" })),
    author: AUTHOR,
    at: AT,
  });

describe("folding many changes", () => {
  test("gives the trees and the conflicts of git's merge, with renames, removals and clashes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
        async (workers) => {
          const { mirror, base } = bench;
          const heads = await commitAll(workers.map(editsOf));
          const [first = base, ...others] = heads;
          const { results, order } = await foldAll(first, others);
          const asAsked = foldByGit(mirror.gitDir, { ours: first, changes: others });
          // Those that do not meet may change places: the same conflicts, the same tree in the end.
          expect(results.map(outcome)).toEqual(asAsked.map(outcomeOf));
          const made = order.map((at) => others[at] ?? "");
          const asMade = foldByGit(mirror.gitDir, { ours: first, changes: made });
          expect(order.map((at) => shortly(results[at]))).toEqual(asMade);
          expect(asMade.at(-1)).toBe(asAsked.findLast((one) => outcomeOf(one) === "folded"));
        },
      ),
      {
        numRuns: 20,
        // Git names no side of any path here, only a message: a file stands where a folder's rename wants to put another.
        examples: [
          [
            [
              [{ kind: "move", path: "a.txt", to: "new/n.txt" }],
              [{ kind: "add", path: "old/n.txt", like: "a.txt" }],
              [{ kind: "move-folder", from: "old/", to: "new/" }],
            ],
          ],
          [
            [
              [
                { kind: "edit", path: "b.txt", line: 0, text: "" },
                { kind: "edit", path: "b.txt", line: 11, text: "one\n" },
              ],
              [{ kind: "edit", path: "a.txt", line: 0, text: "one\n" }],
            ],
          ],
        ],
      },
    );
  });

  test("makes a line of merges that each name both sides, and that git finds sound", async () => {
    const { mirror, base } = bench;
    const heads = await commitAll(
      Array.from({ length: 30 }, (_, worker) => [{ path: `w/${worker}.txt`, content: "x\n" }]),
    );
    const { results, order } = await foldAll(base, heads);
    expect(order).toEqual(heads.map((_, at) => at));
    const commits = results.map((one) => (one.kind === "folded" ? one.commit : one.kind));
    const parents = rawGit(mirror.gitDir, [
      "log",
      "--first-parent",
      "--format=%P",
      "-30",
      commits[29] ?? "",
    ]);
    const expected = heads.map((head, at) => `${commits[at - 1] ?? base} ${head}`);
    expect(parents.trim().split("\n").toReversed()).toEqual(expected);
    expect(rawGit(mirror.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
    expect(await foldAll(base, heads)).toEqual({ results, order });
  });

  test("leaves out what conflicts and folds what comes after it", async () => {
    const { base } = bench;
    const heads = await commitAll([
      [{ path: "a.txt", content: "one\n" }],
      [{ path: "a.txt", content: "two\n" }],
      [{ path: "b.txt", content: "three\n" }],
    ]);
    const { results } = await foldAll(base, heads);
    expect(results.map(outcome)).toEqual(["folded", "conflicted", "folded"]);
    expect(await foldAll(base, [])).toEqual({ results: [], order: [] });
  });

  test("knows a second version of a change by what the line holds of it already", async () => {
    const { mirror, base } = bench;
    const first = await commitOf(mirror, base, { "a.txt": `${linesOf("a.txt")}first\n` });
    const second = await commitOf(mirror, first, { "a.txt": `${linesOf("a.txt")}second\n` });
    const other = await commitOf(mirror, base, { "b.txt": "b\n" });
    const changes = [first, other, second, first];
    const { results, order } = await foldAll(base, changes);
    expect(results.map(shortly)).toEqual(foldByGit(mirror.gitDir, { ours: base, changes }));
    expect(results.map(outcome)).toEqual(["folded", "folded", "folded", "nothing-to-fold"]);
    expect(order).toEqual([0, 1, 2]);
  });

  test("keeps names in any encoding, links, submodules and modes as they are", async () => {
    const { mirror, base, hub } = bench;
    const latin = Buffer.from("latin-\xe9.txt", "latin1");
    hub.git("branch", "odd", base);
    const stream = Buffer.concat([
      Buffer.from(
        `commit refs/heads/odd\ncommitter T <t@t> 1600000000 +0000\ndata 1\nm\nfrom ${base}\n`,
      ),
      Buffer.from('M 100755 inline "'),
      latin,
      Buffer.from(
        `"\ndata 1\nx\nM 120000 inline link\ndata 5\na.txt\nM 160000 ${"1".repeat(40)} sub\n`,
      ),
    ]);
    rawGit(hub.path, ["fast-import", "--quiet", "--force"], stream);
    const odd = (await mirror.fetch("odd")) ?? "";
    const ours = await commitOf(mirror, base, { "b.txt": "b\n" });
    const others = await commitAll([
      [
        { path: "lib/4.txt", content: null },
        { path: "moved/4.txt", content: linesOf("lib/4.txt") },
      ],
      [{ path: 'w/n "quoted".txt', content: "n\n" }],
      [
        { path: "a.txt", content: null },
        { path: "a.txt/below", content: "a file becomes a folder\n" },
      ],
    ]);
    // Alone it is read tree by tree; with others git reads them all at once.
    for (const changes of [[odd], [odd, ...others]]) {
      const { results } = await foldAll(ours, changes);
      expect(results.map(shortly)).toEqual(foldByGit(mirror.gitDir, { ours, changes }));
    }
  });
});

describe("a conflict", () => {
  test("is told by its open places: where in ours, and what each side has there", async () => {
    const { mirror, base } = bench;
    const lines = linesOf("a.txt").split(/(?<=\n)/);
    const ours = lines.with(2, "ours 2\n").with(10, "ours 10\n").join("");
    const theirs = lines.with(2, "theirs 2\n").with(6, "only theirs\n").with(10, "").join("");
    const [one = "", two = ""] = await commitAll([
      [{ path: "a.txt", content: ours }],
      [{ path: "a.txt", content: theirs }],
    ]);
    const folded = await mirror.fold({
      ours: one,
      theirs: two,
      message: "m",
      author: AUTHOR,
      at: AT,
    });
    if (folded.kind !== "conflicted") throw new Error(folded.kind);
    expect(folded.conflicts[0]).toMatchObject({
      base: BASE["a.txt"],
      hunks: [
        { line: 3, base: "a.txt says 2\n", ours: "ours 2\n", theirs: "theirs 2\n" },
        { line: 11, base: "a.txt says 10\n", ours: "ours 10\n", theirs: "" },
      ],
    });
    expect(await mirror.has(base)).toBe(true);
  });

  test("has no places when a side holds lines like git's own marks", async () => {
    const { mirror } = bench;
    const [one = "", two = ""] = await commitAll([
      [{ path: "a.txt", content: "<<<<<<< ours\n" }],
      [{ path: "a.txt", content: "theirs\n" }],
    ]);
    expect(
      await mirror.fold({ ours: one, theirs: two, message: "m", author: AUTHOR, at: AT }),
    ).toMatchObject({ conflicts: [{ ours: "<<<<<<< ours\n", hunks: [] }] });
  });
});
