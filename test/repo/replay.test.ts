// A line of commits put on another commit: what becomes one, what is left, what conflicts.

import { describe, expect, test } from "vitest";

import type { Oid } from "../../src/repo/git-data.ts";
import { AT, AUTHOR, commitOf, openBench } from "./kit.ts";

type Files = Record<string, string | null>;

const A = { "a.txt": "1\n" };

/** A line of edits on `a.txt: 1`, put on another commit on it. */
async function replayed(line: readonly Files[], onto: Files) {
  await using bench = await openBench(A);
  const { mirror, base } = bench;
  const commits: Oid[] = [];
  for (const edits of line) commits.push(await commitOf(mirror, commits.at(-1) ?? base, edits));
  const other = await commitOf(mirror, base, onto);
  const asked = { base, onto: other, line: commits, message: "On top", author: AUTHOR, at: AT };
  const result = await mirror.replay(asked);
  if (result.kind !== "replayed") return result;
  const again = await mirror.replay(asked);
  const texts = await (await mirror.snapshot(result.tip)).paths();
  const { steps, met } = result;
  return {
    kind: result.kind,
    takes: steps.map(({ takes }) => takes),
    met,
    files: texts,
    isSame: again.kind === "replayed" && again.tip === result.tip,
    isLast: (await mirror.tree(result.tip)) === steps.at(-1)?.tree,
    holdsBoth:
      (await mirror.isAncestor(other, result.tip)) &&
      (await mirror.isAncestor(commits.at(-1) ?? base, result.tip)),
  };
}

const whole = { kind: "replayed", isSame: true, isLast: true, holdsBoth: true };

describe("a line put on another commit", () => {
  test("has a commit for each of its own, and is the same whenever it is asked for", async () => {
    expect(await replayed([{ "b.txt": "b\n" }, { "c.txt": "c\n" }], { "d.txt": "d\n" })).toEqual({
      ...whole,
      takes: [1, 1],
      met: [],
      files: ["a.txt", "b.txt", "c.txt", "d.txt"],
    });
  });

  test("makes one of a commit that conflicts by itself and the later one that does not", async () => {
    const line = [{ "b.txt": "b\n" }, { "a.txt": "2\n" }, { "a.txt": "3\n" }];
    expect(await replayed(line, { "a.txt": "3\n" })).toEqual({
      ...whole,
      takes: [3],
      met: ["a.txt"],
      files: ["a.txt", "b.txt"],
    });
  });

  test("names the paths in conflict, and says when nothing is left to do", async () => {
    expect(await replayed([{ "a.txt": "2\n" }], { "a.txt": "3\n" })).toEqual({
      kind: "conflicted",
      paths: ["a.txt"],
    });
    expect(await replayed([{ "a.txt": "2\n" }], { "a.txt": "2\n" })).toEqual({
      kind: "nothing-left",
    });
  });
});
