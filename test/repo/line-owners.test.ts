// Each changed line of a result belongs to exactly one step, whatever the steps did: held against git's own diffs.

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import type { FileDiff } from "../../src/repo/git-data.ts";
import { openLineOwners, type OwnedHunk } from "../../src/repo/line-owners.ts";
import { commitOf, openBench } from "./kit.ts";

const NAMES = ["a.txt", "b.txt", "c.txt"] as const;
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const lines = (count: number, of: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => of(n));
const BASE = Object.fromEntries(NAMES.map((name) => [name, lines(30, (n) => `${name} ${n}`)]));

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench(
    Object.fromEntries(Object.entries(BASE).map(([name, own]) => [name, textOf(own)])),
  );
});
afterAll(() => bench[Symbol.asyncDispose]());

type Files = ReadonlyMap<string, readonly string[]>;

/** Commits each state of the files, and follows them as the house does. */
async function followed(
  states: readonly Files[],
): Promise<{ whole: readonly FileDiff[]; hunks: OwnedHunk[] }> {
  const owners = openLineOwners();
  let from = bench.base;
  let known: Files = new Map(Object.entries(BASE));
  for (const state of states) {
    const gone = [...known.keys()].filter((name) => !state.has(name));
    const edits = Object.fromEntries<string | null>([
      ...gone.map((name) => [name, null] as const),
      ...[...state].map(([name, own]) => [name, textOf(own)] as const),
    ]);
    const next = await commitOf(bench.mirror, from, edits);
    owners.step(await bench.mirror.diff(from, next));
    [from, known] = [next, state];
  }
  const whole = await bench.mirror.diff(bench.base, from);
  return { whole, hunks: owners.of(whole) };
}

const changedIn = (hunk: FileDiff["hunks"][number]) =>
  hunk.lines.filter(({ kind }) => kind !== "context");

interface Act {
  file: number;
  at: number;
  drop: number;
  add: number;
}
const act: fc.Arbitrary<Act> = fc.record({
  file: fc.nat(NAMES.length - 1),
  at: fc.nat(45),
  drop: fc.nat(4),
  add: fc.nat(4),
});

/** What each step does, as states of the files; `word` names what it adds. */
function play(
  steps: readonly (readonly Act[])[],
  word: (step: number, n: number) => string,
): { states: Files[]; removedBy: Map<string, number> } {
  let now: Files = new Map(Object.entries(BASE));
  const removedBy = new Map<string, number>();
  let made = 0;
  const states = steps.map((acts, step) => {
    for (const { file, at, drop, add } of acts) {
      const name = NAMES[file] ?? NAMES[0];
      const own = [...(now.get(name) ?? [])];
      for (const line of own.splice(at, drop, ...lines(add, () => word(step, made++))))
        removedBy.set(line, step);
      now = new Map(now).set(name, own);
    }
    return now;
  });
  return { states, removedBy };
}

describe("for any steps", () => {
  test("whose lines are all different, each line is its maker's", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        async (steps) => {
          const { states, removedBy } = play(steps, (step, n) => `made by ${step} as ${n}`);
          const { whole, hunks } = await followed(states);
          const expected = whole.flatMap((file) =>
            file.hunks.map((hunk) => {
              const owners = changedIn(hunk).map(({ kind, text }) =>
                kind === "added"
                  ? Number(/made by (\d+)/.exec(text)?.[1])
                  : (removedBy.get(text) ?? -1),
              );
              return Object.fromEntries(
                [...new Set(owners)].map((step) => [
                  step,
                  owners.filter((each) => each === step).length,
                ]),
              );
            }),
          );
          const found = hunks.map(({ by }) =>
            Object.fromEntries(by.map(({ step, lines: count }) => [step, count])),
          );
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("whose lines look alike, every line has one owner, and it is one that touched the file", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        async (steps) => {
          const { states } = play(steps, (_, n) => (n % 2 === 0 ? "}" : ""));
          const { whole, hunks } = await followed(states);
          const all = whole.flatMap((file) => file.hunks.map((hunk) => ({ file, hunk })));
          expect(hunks).toHaveLength(all.length);
          for (const [at, { file, hunk }] of all.entries()) {
            const by = hunks[at]?.by ?? [];
            expect(by.reduce((sum, part) => sum + part.lines, 0)).toBe(changedIn(hunk).length);
            for (const { step, lines: count } of by) {
              expect(count).toBeGreaterThan(0);
              const touched = steps[step]?.some((one) => NAMES[one.file] === file.path);
              expect(touched).toBe(true);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

it("follows lines through another name, and names who moved a file and who emptied another", async () => {
  const [a = [], b = [], c = []] = NAMES.map((name) => BASE[name]);
  const edited = ["first", ...a.slice(1)];
  const { hunks } = await followed([
    new Map([
      ["a.txt", edited],
      ["b.txt", b],
      ["c.txt", c],
    ]),
    new Map([
      ["moved.txt", edited],
      ["b.txt", b],
      ["c.txt", c],
    ]),
    new Map([
      ["moved.txt", [...edited, "last"]],
      ["c.txt", c],
    ]),
    new Map([
      ["moved.txt", [...edited, "last"]],
      ["c.txt", c],
      ["new.txt", ["new"]],
    ]),
  ]);
  const of = (path: string) => hunks.filter((hunk) => hunk.path === path);
  expect(of("moved.txt")).toEqual([
    {
      path: "moved.txt",
      before: { start: 1, lines: 1 },
      after: { start: 1, lines: 1 },
      by: [{ step: 0, lines: 2 }],
    },
    {
      path: "moved.txt",
      before: null,
      after: { start: 31, lines: 1 },
      by: [{ step: 2, lines: 1 }],
    },
  ]);
  expect(of("b.txt").map(({ by }) => by)).toEqual([[{ step: 2, lines: 30 }]]);
  expect(of("new.txt").map(({ by }) => by)).toEqual([[{ step: 3, lines: 1 }]]);
});

it("gives what has no lines to whoever touched it last", () => {
  const owners = openLineOwners();
  const file: FileDiff = {
    path: "run.sh",
    oldPath: null,
    status: "modified",
    modes: { old: "100644", new: "100755" },
    binary: false,
    additions: 0,
    deletions: 0,
    hunks: [],
  };
  owners.step([]);
  owners.step([file]);
  expect(owners.of([file])).toEqual([
    { path: "run.sh", before: null, after: null, by: [{ step: 1, lines: 0 }] },
  ]);
});
